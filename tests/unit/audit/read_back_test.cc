// SPDX-License-Identifier: Apache-2.0
#include "audit/read_back.h"

#include <gtest/gtest.h>

#include "audited.h"

namespace steadfast::audit {
namespace {

constexpr std::uint64_t kSecond_ns = 1'000'000'000;

class RollingReadBack : public testing::Test {
 protected:
  // One second passes.
  ReadBack::Found step(std::uint64_t revision = 1) {
    now_ns_ += kSecond_ns;
    return read_back_.step(audited_.lab.memory(), audited_.written(), revision, now_ns_);
  }

  // Until something new is found, or twice the promised time has passed.
  ReadBack::Found found_by_and_by() {
    ReadBack::Found found;
    for (int seconds = 0; found.differences.empty() && seconds < 20; ++seconds) found = step();
    return found;
  }

  Audited audited_;
  ReadBack read_back_;
  std::uint64_t now_ns_ = 100 * kSecond_ns;
};

TEST_F(RollingReadBack, SeesEveryByteWithinTenSeconds) {
  step();
  const auto pieces = pieces_of(audited_.lab.memory(), audited_.written());
  for (std::size_t at = 0; at < pieces.size(); ++at) {
    audited_.row(audited_.lab.memory().backends, 2).idle_s ^= 1;
    int seconds = 0;
    while (step().differences.empty()) ASSERT_LE(++seconds, 10);
    audited_.row(audited_.lab.memory().backends, 2).idle_s ^= 1;
    for (int i = 0; i < 10; ++i) step();
    ASSERT_TRUE(read_back_.standing().empty());
  }
}

TEST_F(RollingReadBack, SaysWhenItWasLastSeenRight) {
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(step().differences.empty());
  audited_.row(audited_.lab.memory().backends, 2).idle_s ^= 1;
  const ReadBack::Found found = found_by_and_by();
  ASSERT_FALSE(found.differences.empty());
  EXPECT_GT(found.right_before_s, 0);
  EXPECT_LE(found.right_before_s, 10);
}

TEST_F(RollingReadBack, TellsADifferenceOnceAndRemembersIt) {
  step();
  audited_.row(audited_.lab.memory().backends, 2).idle_s ^= 1;
  std::size_t told = 0;
  for (int i = 0; i < 40; ++i) told += step().differences.size();
  EXPECT_EQ(told, 1u);
  EXPECT_EQ(read_back_.standing().size(), 1u);
}

TEST_F(RollingReadBack, ForgetsADifferenceThatWasPutRight) {
  step();
  audited_.row(audited_.lab.memory().backends, 2).idle_s ^= 1;
  ASSERT_FALSE(found_by_and_by().differences.empty());
  audited_.row(audited_.lab.memory().backends, 2).idle_s ^= 1;
  for (int i = 0; i < 10; ++i) step();
  EXPECT_TRUE(read_back_.standing().empty());
}

// Health publishes every second in bad times; the pass must end all the same.
TEST_F(RollingReadBack, EndsAPassThroughPublications) {
  for (std::uint64_t revision = 1; revision <= 12; ++revision) step(revision);
  EXPECT_NE(read_back_.whole_ns(), 0u);
}

TEST_F(RollingReadBack, APublicationIsNoForeignWrite) {
  step();
  audited_.lab.publish(audited_config());
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(step(2).differences.empty());
}

TEST_F(RollingReadBack, SeesEverythingAtOnceWhenAsked) {
  audited_.row(audited_.lab.memory().backends, 2).idle_s ^= 1;
  const auto found = read_back_.whole(audited_.lab.memory(), audited_.written(), 1, now_ns_);
  EXPECT_EQ(found.differences.size(), 1u);
  EXPECT_EQ(read_back_.whole_ns(), now_ns_);
}

TEST_F(RollingReadBack, LooksAtNothingWhereNothingRuns) {
  EXPECT_TRUE(read_back_.step(audited_.lab.memory(), {}, 1, now_ns_).differences.empty());
  EXPECT_TRUE(read_back_.whole(audited_.lab.memory(), {}, 1, now_ns_).differences.empty());
}

}  // namespace
}  // namespace steadfast::audit
