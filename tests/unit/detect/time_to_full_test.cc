// SPDX-License-Identifier: Apache-2.0
#include "detect/time_to_full.h"

#include <gtest/gtest.h>

namespace steadfast::detect {
namespace {

TEST(TimeToFull, FollowsTheSlope) {
  TimeToFull table;
  for (int s = 0; s <= 900; ++s) table.take(s, 1000 + 10.0 * s);
  ASSERT_TRUE(table.seconds_to(46'000));
  EXPECT_NEAR(*table.seconds_to(46'000), 3600, 1);
}

TEST(TimeToFull, NothingThatShrinksOrStandsStillFills) {
  TimeToFull shrinks, stands;
  for (int s = 0; s <= 900; ++s) shrinks.take(s, 9000 - s), stands.take(s, 500);
  EXPECT_FALSE(shrinks.seconds_to(10'000));
  EXPECT_FALSE(stands.seconds_to(10'000));
}

TEST(TimeToFull, SaysNothingBeforeItHasSeenEnough) {
  TimeToFull table;
  for (int s = 0; s < 299; ++s) table.take(s, 10.0 * s);
  EXPECT_FALSE(table.seconds_to(100'000));
  table.take(300, 3000);
  EXPECT_TRUE(table.seconds_to(100'000));
}

TEST(TimeToFull, ForgetsWhatIsOlderThanItsWindow) {
  TimeToFull table;
  for (int s = 0; s <= 900; ++s) table.take(s, 100.0 * s);
  for (int s = 901; s <= 1900; ++s) table.take(s, 90'000);
  EXPECT_FALSE(table.seconds_to(100'000));
}

TEST(TimeToFull, WhatIsFullIsFullNow) {
  TimeToFull table;
  for (int s = 0; s <= 600; ++s) table.take(s, s);
  EXPECT_EQ(table.seconds_to(500), 0);
}

}  // namespace
}  // namespace steadfast::detect
