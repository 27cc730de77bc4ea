// SPDX-License-Identifier: Apache-2.0
#include "health/silence.h"

#include <gtest/gtest.h>

namespace steadfast::health {
namespace {

class SilenceTest : public testing::Test {
 protected:
  // Seconds in which one backend and the sum of the others count this.
  void seconds(int number, Handshakes backend, Handshakes rest) {
    for (int i = 0; i < number; ++i) {
      own.add(backend);
      pool.add({backend.tries + rest.tries, backend.established + rest.established});
    }
  }
  std::optional<Silence> found() { return find_silence(own, pool); }

  HandshakeHistory own, pool;
};

TEST_F(SilenceTest, SumsTheLastSeconds) {
  for (std::uint32_t i = 1; i <= 300; ++i) own.add({i, i - 1});
  EXPECT_EQ(own.ticks(), 120u);
  EXPECT_EQ(own.last(2).tries, 599u);
  EXPECT_EQ(own.last(2).established, 597u);
  EXPECT_EQ(own.last(0).tries, 0u);
  own.forget();
  EXPECT_EQ(own.ticks(), 0u);
}

TEST_F(SilenceTest, FindsABackendThatCompletesNothing) {
  seconds(60, {10, 10}, {90, 89});
  EXPECT_FALSE(found());
  seconds(2, {10, 0}, {90, 89});
  ASSERT_TRUE(found());
  EXPECT_EQ(found()->ticks, 2u);
  EXPECT_EQ(text_of(*found()), "0 of 20 handshakes completed in 2 s, 99 % of the others'");
}

TEST_F(SilenceTest, FindsThirtyPercentLoss) {
  seconds(60, {10, 10}, {90, 89});
  seconds(12, {10, 7}, {90, 89});
  EXPECT_TRUE(found());
}

TEST_F(SilenceTest, SpareAPauseOfASecond) {
  seconds(60, {10, 10}, {90, 89});
  seconds(1, {10, 4}, {90, 89});
  EXPECT_FALSE(found());
  seconds(1, {10, 6}, {90, 89});
  EXPECT_FALSE(found());
  for (int i = 0; i < 60; ++i) {
    seconds(1, {10, 10}, {90, 89});
    EXPECT_FALSE(found());
  }
}

TEST_F(SilenceTest, SaysNothingFromFewFlows) {
  seconds(60, {0, 0}, {9, 9});
  seconds(3, {1, 0}, {1000, 1000});
  EXPECT_FALSE(found());
}

TEST_F(SilenceTest, SaysNothingWhenAllSufferAlike) {
  seconds(60, {10, 10}, {90, 89});
  seconds(60, {50, 10}, {450, 90});
  EXPECT_FALSE(found());
  seconds(60, {50, 0}, {450, 0});
  EXPECT_FALSE(found());
}

TEST_F(SilenceTest, SaysNothingOfTheOnlyBackend) {
  seconds(120, {10, 0}, {0, 0});
  EXPECT_FALSE(found());
}

TEST_F(SilenceTest, SaysNothingOfASmallDifference) {
  seconds(120, {1000, 930}, {9000, 8990});
  EXPECT_FALSE(found());
}

TEST_F(SilenceTest, ComparesSinceTheBackendsOwnBeginning) {
  seconds(60, {10, 0}, {90, 89});
  own.forget();
  EXPECT_FALSE(found());
  seconds(1, {10, 0}, {90, 89});
  EXPECT_FALSE(found());
}

TEST_F(SilenceTest, ComparesTheSameSecondsWhenALossForAllBegins) {
  seconds(60, {10, 10}, {90, 89});
  seconds(2, {4, 0}, {6, 3});
  EXPECT_FALSE(found());
}

}  // namespace
}  // namespace steadfast::health
