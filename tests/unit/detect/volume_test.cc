// SPDX-License-Identifier: Apache-2.0
#include "detect/volume.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace steadfast::detect {
namespace {

constexpr std::int64_t kDay = 24 * 60;

class SeasonTest : public testing::Test {
 protected:
  // A day with a valley at night and a peak at noon; weekends are half as busy.
  double usual(std::int64_t minute) const {
    const double phase = 2 * std::numbers::pi * static_cast<double>(minute % kDay) / kDay;
    const double weekend = minute / kDay % 7 >= 5 ? 0.5 : 1;
    return busy_ * weekend * (1.05 - std::cos(phase));
  }
  unsigned minutes(std::int64_t count, double times = 1) {
    unsigned alarms = 0;
    for (const std::int64_t end = minute_ + count; minute_ < end; ++minute_) {
      const double expected = usual(minute_) * times;
      season_.take(minute_, expected > 0 ? std::poisson_distribution<std::uint64_t>(expected)(random_) : 0);
      alarms += season_.alarm() ? 1 : 0;
    }
    return alarms;
  }

  double busy_ = 60'000;
  std::int64_t minute_ = 0;
  std::mt19937_64 random_{1};
  Season season_;
};

TEST_F(SeasonTest, WeeksAsUsualRaiseNothing) {
  minutes(14 * kDay);
  EXPECT_EQ(minutes(14 * kDay), 0u);
}

TEST_F(SeasonTest, AThirdOfTheUsualIsMissedWithinAQuarterOfAnHour) {
  minutes(10 * kDay + kDay / 2);
  EXPECT_GT(minutes(15, 0.33), 0u);
  EXPECT_GT(season_.missing(), 0);
}

TEST_F(SeasonTest, TenTimesTheUsualIsNoticed) {
  minutes(10 * kDay + kDay / 2);
  EXPECT_GT(minutes(3, 10), 0u);
  EXPECT_LT(season_.missing(), 0);
}

TEST_F(SeasonTest, ItIsOverSoonAfter) {
  minutes(10 * kDay + kDay / 2);
  minutes(60, 0.1);
  EXPECT_TRUE(season_.alarm());
  minutes(10);
  EXPECT_FALSE(season_.alarm());
}

TEST_F(SeasonTest, OneBadDayTeachesNothing) {
  minutes(8 * kDay);
  minutes(kDay, 0.1);
  minutes(kDay / 2);
  EXPECT_GT(minutes(5, 0.1), 0u);
}

TEST_F(SeasonTest, ADaySaysNothingYet) {
  minutes(2 * kDay);
  EXPECT_EQ(minutes(kDay / 2, 0.1), 0u);
}

TEST_F(SeasonTest, AServiceThatFewUseSaysNothing) {
  busy_ = 0.5;
  minutes(10 * kDay);
  EXPECT_EQ(minutes(kDay, 0), 0u);
}

}  // namespace
}  // namespace steadfast::detect
