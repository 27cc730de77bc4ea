// SPDX-License-Identifier: Apache-2.0
#include "control/drop_feed.h"

#include <gtest/gtest.h>

#include "tests/unit/control/made_up_drops.h"

namespace steadfast {
namespace {

constexpr std::chrono::seconds kPatience{20};

class Feed : public testing::Test {
 protected:
  MadeUpSource source_;
  DropFeed feed_{source_};
};

TEST_F(Feed, EveryListenerHearsEveryDrop) {
  const auto one = feed_.listen(), other = feed_.listen();
  ASSERT_TRUE(one && other);
  source_.drop(SF_NO_BACKEND);
  for (const auto& listener : {&*one, &*other}) {
    const auto taken = (*listener)->take(kPatience);
    ASSERT_TRUE(taken);
    ASSERT_EQ(taken->size(), 1u);
    EXPECT_EQ(taken->front().verdict, static_cast<__u32>(SF_NO_BACKEND));
  }
}

TEST_F(Feed, TheProgramSamplesOnlyWhileSomebodyListens) {
  EXPECT_FALSE(source_.samples());
  auto one = feed_.listen(), other = feed_.listen();
  EXPECT_TRUE(source_.samples());
  one->reset();
  EXPECT_TRUE(source_.samples());
  other->reset();
  EXPECT_FALSE(source_.samples());
}

TEST_F(Feed, OnlySoManyMayListen) {
  std::vector<std::unique_ptr<DropFeed::Listener>> listeners;
  for (std::size_t i = 0; i < DropFeed::kMostListeners; i++) listeners.push_back(std::move(*feed_.listen()));
  const auto refused = feed_.listen();
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("listen to drops already"), std::string::npos);
  listeners.pop_back();
  EXPECT_TRUE(feed_.listen());
}

TEST_F(Feed, MissedDropsCountFromTheBeginningOfListening) {
  source_.miss(5);
  const auto listener = feed_.listen();
  EXPECT_EQ((*listener)->missed(), 0u);
  source_.miss(3);
  EXPECT_EQ((*listener)->missed(), 3u);
}

TEST_F(Feed, ASlowListenerMissesDropsAndIsTold) {
  const auto slow = feed_.listen(), quick = feed_.listen();
  constexpr std::size_t kDrops = DropFeed::kMostWaiting + 7;
  for (std::size_t i = 0; i < kDrops; i++) source_.drop(SF_TRUNCATED);
  std::size_t heard = 0;
  while (heard + (*quick)->missed() < kDrops) {
    const auto taken = (*quick)->take(kPatience);
    ASSERT_TRUE(taken && !taken->empty());
    heard += taken->size();
  }
  EXPECT_EQ((*slow)->missed(), 7u);
  EXPECT_EQ((*slow)->take(kPatience)->size(), DropFeed::kMostWaiting);
}

TEST_F(Feed, AFailedSourceEndsTheStreamsAndTheNextListenerTriesAgain) {
  auto listener = feed_.listen();
  source_.fail();
  const auto taken = (*listener)->take(kPatience);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().what, "the ring is gone");
  EXPECT_FALSE(source_.samples());
  auto next = feed_.listen();
  source_.drop(SF_TRUNCATED);
  const auto again = (*next)->take(kPatience);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->size(), 1u);
}

}  // namespace
}  // namespace steadfast
