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

// Counters and clocks of a whole daemon, minute by minute.
class VolumeTest : public testing::Test {
 protected:
  VolumeTest() {
    scene_.services["web"] = {"service/web", {}, true, 0, 0, "pool/web"};
    second_.services = &counters_;
  }
  void minutes(int count, std::uint64_t packets) {
    for (int i = 0; i < count; ++i) {
      second_.now_s += 60;
      counters_["web"][SF_FORWARDED].packets += packets;
      signs_ = volume_.take(second_, scene_);
    }
  }

  static constexpr int kFourDays = 4 * 24 * 60;
  std::map<std::string, VerdictCounts> counters_;
  Scene scene_;
  Second second_;
  Volume volume_;
  std::vector<Sign> signs_;
};

TEST_F(VolumeTest, AServiceThatNothingReachesSaysSinceWhen) {
  minutes(kFourDays, 60'000);
  EXPECT_TRUE(signs_.empty());
  minutes(3, 0);
  ASSERT_EQ(signs_.size(), 1u);
  EXPECT_EQ(signs_[0].object, "service/web");
  EXPECT_NEAR(signs_[0].since_s, second_.now_s - 180, 61);
  EXPECT_NE(signs_[0].what.find("it carries 0 %"), std::string::npos) << signs_[0].what;
}

TEST_F(VolumeTest, MinutesThatNobodySawAreNoCrowd) {
  minutes(kFourDays, 60'000);
  second_.now_s += 3600;
  minutes(1, 60 * 60'000);
  EXPECT_TRUE(signs_.empty());
}

TEST_F(VolumeTest, CountersThatGoBackAreNoCrowd) {
  minutes(kFourDays, 60'000);
  counters_["web"] = {};
  minutes(1, 60'000);
  EXPECT_TRUE(signs_.empty());
}

}  // namespace
}  // namespace steadfast::detect
