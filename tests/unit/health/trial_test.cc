// SPDX-License-Identifier: Apache-2.0
#include "health/trial.h"

#include <gtest/gtest.h>

namespace steadfast::health {
namespace {

using namespace std::chrono_literals;
using Phase = Trial::Phase;

constexpr Handshakes kNothing{};
constexpr Handshakes kOthers{1000, 990};

TEST(Trial, RestsThenTriesThenTrusts) {
  Trial trial;
  trial.eject(100s);
  EXPECT_FALSE(trial.tick(false, kNothing, kOthers, 109s));
  EXPECT_EQ(trial.phase(), Phase::resting);
  EXPECT_TRUE(trial.tick(false, kNothing, kOthers, 110s));
  EXPECT_EQ(trial.phase(), Phase::trying);
  EXPECT_FALSE(trial.tick(false, {9, 9}, kOthers, 111s));
  EXPECT_TRUE(trial.tick(false, {10, 10}, kOthers, 112s));
  EXPECT_EQ(trial.phase(), Phase::trusted);
}

TEST(Trial, RestsWhileProbesFail) {
  Trial trial;
  trial.eject(100s);
  EXPECT_FALSE(trial.tick(true, kNothing, kOthers, 200s));
  EXPECT_EQ(trial.phase(), Phase::resting);
}

TEST(Trial, EndsByItselfWithoutTraffic) {
  Trial trial;
  trial.eject(100s);
  trial.tick(false, kNothing, kNothing, 110s);
  EXPECT_FALSE(trial.tick(false, {10, 2}, kOthers, 139s));
  EXPECT_TRUE(trial.tick(false, kNothing, kNothing, 140s));
}

TEST(Trial, RestsTwiceAsLongAfterARelapse) {
  Trial trial;
  trial.eject(100s);
  trial.eject(200s);
  EXPECT_EQ(trial.rest(), 20s);
  for (int i = 0; i < 9; ++i) trial.eject(300s);
  EXPECT_EQ(trial.rest(), kLongestRest);
}

TEST(Trial, ForgetsRelapsesInTenGoodMinutes) {
  Trial trial;
  trial.eject(100s);
  trial.tick(false, kNothing, kOthers, 110s);
  trial.tick(false, {10, 10}, kOthers, 111s);
  trial.eject(111s + 10min);
  EXPECT_EQ(trial.rest(), kFirstRest);
}

}  // namespace
}  // namespace steadfast::health
