// SPDX-License-Identifier: Apache-2.0
#include "health/pace.h"

#include <gtest/gtest.h>

namespace steadfast::health {
namespace {

using namespace std::chrono_literals;

// How many of `active` go at one moment, from `serving` on.
std::size_t taken(Pace& pace, std::size_t active, std::size_t serving, Time now) {
  std::size_t number = 0;
  while (number < serving && pace.take(active, serving - number, now)) ++number;
  return number;
}

TEST(Pace, HasNoLimitWhileSeventyPercentStay) {
  Pace pace;
  EXPECT_EQ(taken(pace, 10, 10, 1s), 3u);
  EXPECT_EQ(taken(pace, 10, 7, 10s), 0u);
}

TEST(Pace, TakesOneInTenSecondsBelow) {
  Pace pace;
  EXPECT_EQ(taken(pace, 10, 7, 1s), 1u);
  EXPECT_EQ(taken(pace, 10, 6, 10s), 0u);
  EXPECT_EQ(taken(pace, 10, 6, 11s), 1u);
}

TEST(Pace, TakesATenthOfALargePool) {
  Pace pace;
  EXPECT_EQ(taken(pace, 100, 60, 1s), 10u);
}

}  // namespace
}  // namespace steadfast::health
