// SPDX-License-Identifier: Apache-2.0
#include "detect/rise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace steadfast::detect {
namespace {

// Traffic with a seed of its own: seconds until an alarm, at most `most`.
class Traffic {
 public:
  Traffic(unsigned seed, double packets_per_s) : random_(seed), packets_(packets_per_s) {}

  void second(Rise& rise, double share) {
    const auto packets = std::poisson_distribution<std::uint64_t>(packets_)(random_);
    rise.take(packets, std::binomial_distribution<std::uint64_t>(packets, share)(random_));
  }
  void seconds(Rise& rise, double share, unsigned count) {
    for (unsigned i = 0; i < count; ++i) second(rise, share);
  }
  unsigned until_alarm(Rise& rise, double share, unsigned most) {
    for (unsigned s = 1; s <= most; ++s) {
      second(rise, share);
      if (rise.alarm()) return s;
    }
    return most + 1;
  }

 private:
  std::mt19937_64 random_;
  double packets_;
};

unsigned worst_of_a_hundred(double packets_per_s, double share) {
  std::vector<unsigned> delays;
  for (unsigned seed = 1; seed <= 100; ++seed) {
    Rise rise(kConfigurationRise);
    Traffic traffic(seed, packets_per_s);
    traffic.seconds(rise, 0, 600);
    delays.push_back(traffic.until_alarm(rise, share, 60));
  }
  return *std::max_element(delays.begin(), delays.end());
}

TEST(Rise, ThirtyPercentOfAHundredPacketsAreFoundInTheNextSecond) {
  EXPECT_LE(worst_of_a_hundred(100, 0.3), 1u);
}

TEST(Rise, SmallSharesOfAThousandPacketsAreFoundInTheirTime) {
  EXPECT_LE(worst_of_a_hundred(1000, 0.05), 2u);
  EXPECT_LE(worst_of_a_hundred(1000, 0.01), 5u);
  EXPECT_LE(worst_of_a_hundred(1000, 0.005), 10u);
}

TEST(Rise, ADayOfStrayDropsRaisesNothing) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    Rise rise(kConfigurationRise);
    Traffic traffic(seed, 1000);
    EXPECT_EQ(traffic.until_alarm(rise, 1e-5, 86'400), 86'401u) << seed;
  }
}

TEST(Rise, ASilentServiceAndAQuietOneRaiseNothing) {
  Rise silent(kConfigurationRise), quiet(kConfigurationRise);
  Traffic nobody(1, 0.001), few(2, 1);
  EXPECT_EQ(nobody.until_alarm(silent, 0, 86'400), 86'401u);
  EXPECT_EQ(few.until_alarm(quiet, 1e-5, 86'400), 86'401u);
}

TEST(Rise, AQuietServiceThatIsBrokenIsFoundByItsFirstPackets) {
  Rise rise(kConfigurationRise);
  Traffic traffic(3, 1);
  traffic.seconds(rise, 0, 600);
  EXPECT_LE(traffic.until_alarm(rise, 1, 60), 10u);
}

TEST(Rise, NoiseThatHasAlwaysBeenThereIsNoRise) {
  Rise rise(kNoiseRise);
  Traffic traffic(4, 1000);
  EXPECT_EQ(traffic.until_alarm(rise, 0.02, 3600), 3601u);
  EXPECT_LE(traffic.until_alarm(rise, 0.1, 10), 3u);
}

TEST(Rise, AFloodIsOverWhenItIsOver) {
  Rise rise(kNoiseRise);
  Traffic traffic(5, 1000);
  traffic.seconds(rise, 0.01, 600);
  EXPECT_LE(traffic.until_alarm(rise, 0.5, 10), 2u);
  traffic.seconds(rise, 0.5, 60);
  EXPECT_TRUE(rise.alarm());
  traffic.seconds(rise, 0.01, 120);
  EXPECT_FALSE(rise.alarm());
}

TEST(Rise, NobodyGetsUsedToDropsByConfiguration) {
  Rise rise(kConfigurationRise);
  Traffic traffic(6, 100);
  traffic.seconds(rise, 0, 600);
  traffic.seconds(rise, 0.3, 7200);
  EXPECT_TRUE(rise.alarm());
  EXPECT_LE(rise.p0(), 0.001);
}

TEST(Rise, SaysWhenItBegan) {
  Rise rise(kConfigurationRise);
  Traffic traffic(7, 1000);
  traffic.seconds(rise, 0, 600);
  traffic.seconds(rise, 0.01, 20);
  EXPECT_NEAR(rise.rising_s(), 20, 4);
}

TEST(Rise, WhatWasThereBeforeTheMarkHasNotRisenSince) {
  Rise rise(kConfigurationRise);
  Traffic traffic(9, 1000);
  traffic.seconds(rise, 0, 600);
  traffic.seconds(rise, 0.01, 60);
  rise.mark();
  traffic.seconds(rise, 0.01, 60);
  EXPECT_FALSE(rise.has_risen(kUnconfirmedThreshold));
  rise.mark();
  traffic.seconds(rise, 0.1, 2);
  EXPECT_TRUE(rise.has_risen(kUnconfirmedThreshold));
  EXPECT_NEAR(rise.risen_share(), 0.1, 0.02);
  EXPECT_LE(rise.risen_s(), 2u);
}

TEST(Rise, CountsThatVaryMoreThanChanceWidenWhatIsNormal) {
  Rise even(kNoiseRise), uneven(kNoiseRise);
  for (int s = 0; s < 600; ++s) even.take(1000, 20), uneven.take(1000, s % 2 == 0 ? 0 : 40);
  even.take(1000, 60), uneven.take(1000, 60);
  EXPECT_TRUE(even.alarm());
  EXPECT_FALSE(uneven.alarm());
}

TEST(Rise, WhatRoseBecauseOfAChangeIsForgottenWithIt) {
  Rise rise(kNoiseRise);
  for (int s = 0; s < 600; ++s) rise.take(1000, 10);
  rise.mark();
  while (!rise.has_risen(kUnconfirmedThreshold)) rise.take(1000, 42);
  ASSERT_FALSE(rise.alarm());
  rise.unmark();
  EXPECT_EQ(rise.rising_s(), 0u);
}

TEST(Rise, NoiseThatLastsAnHourIsAccepted) {
  Rise rise(kNoiseRise);
  Traffic traffic(10, 100);
  traffic.seconds(rise, 0.01, 600);
  traffic.seconds(rise, 0.3, 3000);
  EXPECT_TRUE(rise.alarm());
  traffic.seconds(rise, 0.3, 1200);
  EXPECT_FALSE(rise.alarm());
}

TEST(Rise, SilenceDoesNotEndAnAlarm) {
  Rise rise(kConfigurationRise);
  Traffic traffic(11, 2);
  traffic.seconds(rise, 0, 600);
  ASSERT_LE(traffic.until_alarm(rise, 1, 60), 10u);
  for (int s = 0; s < 60; ++s) rise.take(0, 0);
  EXPECT_TRUE(rise.alarm());
}

}  // namespace
}  // namespace steadfast::detect
