// SPDX-License-Identifier: Apache-2.0
#include "detect/drops.h"

#include <gtest/gtest.h>

namespace steadfast::detect {
namespace {

const std::string kWeb = "tcp 192.0.2.10:443", kApi = "tcp 192.0.2.10:8443";

class DropsTest : public testing::Test {
 protected:
  void carry(const std::string& endpoint, sf_verdict verdict, std::uint64_t packets) {
    counters_[endpoint][verdict].packets += packets;
  }
  void seconds(unsigned count, std::uint64_t forwarded, sf_verdict verdict = SF_FORWARDED,
               std::uint64_t dropped = 0) {
    for (unsigned i = 0; i < count; ++i) {
      carry(kWeb, SF_FORWARDED, forwarded);
      carry(kWeb, verdict, dropped);
      carry(kApi, SF_FORWARDED, forwarded);
      drops_.take(counters_);
    }
  }

  std::map<std::string, VerdictCounts> counters_;
  Drops drops_;
};

TEST_F(DropsTest, NamesServiceVerdictShareAndBeginning) {
  seconds(600, 1000);
  EXPECT_TRUE(drops_.alarms().empty());
  seconds(5, 700, SF_NO_BACKEND, 300);
  const auto alarms = drops_.alarms();
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_EQ(alarms[0].endpoint, kWeb);
  EXPECT_EQ(alarms[0].cause, Cause::configuration);
  EXPECT_EQ(alarms[0].verdict, SF_NO_BACKEND);
  EXPECT_EQ(alarms[0].since_s, 5u);
  EXPECT_GT(alarms[0].share, 0.03);
}

TEST_F(DropsTest, ALowerThresholdHearsItEarlier) {
  seconds(600, 1000);
  seconds(1, 1000, SF_NO_BACKEND, 4);
  EXPECT_TRUE(drops_.alarms().empty());
  EXPECT_EQ(drops_.rising(kUnconfirmedThreshold).size(), 1u);
}

TEST_F(DropsTest, WhatRisesIsNamedAndNotWhatWasThere) {
  for (int s = 0; s < 600; ++s) carry(kWeb, SF_BAD_TRANSPORT, 15), seconds(1, 985);
  carry(kWeb, SF_BAD_TRANSPORT, 15);
  seconds(1, 785, SF_SOURCE_DENIED, 200);
  ASSERT_EQ(drops_.alarms().size(), 1u);
  EXPECT_EQ(drops_.alarms()[0].verdict, SF_SOURCE_DENIED);
}

TEST_F(DropsTest, WhatIsDeniedIsTheSendersDoing) {
  seconds(600, 1000);
  seconds(10, 500, SF_SOURCE_DENIED, 500);
  ASSERT_EQ(drops_.alarms().size(), 1u);
  EXPECT_EQ(drops_.alarms()[0].cause, Cause::sender);
  EXPECT_TRUE(drops_.rising(kUnconfirmedThreshold).empty());
}

TEST_F(DropsTest, CountersThatWentBackBeginAnew) {
  seconds(10, 1000, SF_NO_BACKEND, 1);
  EXPECT_TRUE(drops_.alarms().empty());
  counters_[kWeb] = {};
  drops_.take(counters_);
  seconds(5, 1000);
  EXPECT_TRUE(drops_.alarms().empty());
}

TEST_F(DropsTest, ServicesThatAreGoneAreForgotten) {
  seconds(600, 1000);
  seconds(5, 0, SF_NO_BACKEND, 1000);
  counters_.erase(kWeb);
  drops_.take(counters_);
  EXPECT_TRUE(drops_.alarms().empty());
}

TEST_F(DropsTest, AServiceThatIsNewSinceAChangeIsToldApartToo) {
  seconds(60, 1000);
  drops_.mark();
  const std::string mail = "tcp 192.0.2.10:25";
  carry(mail, SF_FORWARDED, 100);
  seconds(1, 1000);
  carry(mail, SF_NO_NEXT_HOP, 100);
  seconds(1, 1000);
  ASSERT_EQ(drops_.risen(kUnconfirmedThreshold).size(), 1u);
  EXPECT_EQ(drops_.risen(kUnconfirmedThreshold)[0].endpoint, mail);
  drops_.unmark();
  EXPECT_TRUE(drops_.risen(kUnconfirmedThreshold).empty());
}

}  // namespace
}  // namespace steadfast::detect
