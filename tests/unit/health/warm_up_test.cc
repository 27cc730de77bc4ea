// SPDX-License-Identifier: Apache-2.0
#include "health/warm_up.h"

#include <gtest/gtest.h>

#include <set>

namespace steadfast::health {
namespace {

using namespace std::chrono_literals;

TEST(WarmUp, GrowsFromATenthToAllInThirtySeconds) {
  EXPECT_DOUBLE_EQ(warm_up(0s), 0.1);
  EXPECT_LT(warm_up(29999ms), 1);
  EXPECT_DOUBLE_EQ(warm_up(30s), 1);
  EXPECT_DOUBLE_EQ(warm_up(24h), 1);
}

TEST(WarmUp, NeverShrinksAndHasFewSteps) {
  std::set<double> steps;
  for (Time t{}; t <= 40s; t += 100ms) {
    EXPECT_TRUE(steps.empty() || warm_up(t) >= *steps.rbegin());
    steps.insert(warm_up(t));
  }
  EXPECT_EQ(steps.size(), 5u);
}

}  // namespace
}  // namespace steadfast::health
