// SPDX-License-Identifier: Apache-2.0
#include "world.h"

namespace steadfast::detect {
namespace {

class AnswersTest : public World {
 protected:
  AnswersTest() {
    second_.new_flows.assign(scene_.backends.size(), 0);
    second_.established.assign(scene_.backends.size(), 0);
  }
  // Ten seconds in which so many try each backend of a service, and some are answered.
  void windows(unsigned count, std::uint64_t tried, std::uint64_t answered, const std::string& of = "") {
    for (unsigned i = 0; i < count; ++i) {
      for (const auto& [at, service] : scene_.services) {
        const bool meant = of.empty() || at == endpoint(of);
        for (std::size_t row = service.first_backend; row < service.first_backend + kBackends; ++row) {
          second_.new_flows[row] += meant ? tried : 100;
          second_.established[row] += meant ? answered : 98;
        }
      }
      now_s_ += 9;
      quiet(1);
    }
  }
  void fall(unsigned count, const std::string& of = "web") { windows(count, 100, 0, of); }
};

TEST_F(AnswersTest, AServiceThatNobodyAnswersIsFoundInTheFirstWindow) {
  windows(6, 100, 98);
  EXPECT_TRUE(detectors_.alarms().empty());
  fall(1);
  const Alarm* found = alarm("service/web silent");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->detector, "T3");
  EXPECT_EQ(found->severity, Severity::page);
  EXPECT_EQ(found->share, 1);
  EXPECT_NEAR(found->since_s, kAhead_s + now_s_ - 10, 0.001);
  EXPECT_NE(found->sentence.find("0 of 400, usually 98 %"), std::string::npos) << found->sentence;
  EXPECT_EQ(detectors_.alarms().size(), 1u);
}

TEST_F(AnswersTest, AndIsOverWhenItIsAnswered) {
  windows(6, 100, 98);
  fall(20);
  ASSERT_NE(alarm("service/web silent"), nullptr) << "nobody gets used to it";
  windows(3, 100, 98);
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(AnswersTest, AFloodThatNobodyCompletesIsNoSilence) {
  windows(6, 100, 98);
  windows(6, 5000, 98);
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(AnswersTest, AQuietNightIsNoSilence) {
  windows(6, 100, 98);
  windows(6, 5, 5);
  windows(6, 0, 0);
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(AnswersTest, AScannerInAQuietNightIsNoSilence) {
  windows(6, 100, 98);
  windows(2, 10, 1);
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(AnswersTest, NothingIsUsualOfAServiceThatIsNew) {
  fall(10);
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(AnswersTest, HealthThatChangesMeanwhileDoesNotBeginAnotherWindow) {
  windows(6, 100, 98);
  show();
  fall(1);
  EXPECT_NE(alarm("service/web silent"), nullptr);
}

TEST_F(AnswersTest, OtherBackendsBeginAnotherWindowButWhatWasUsualStays) {
  windows(6, 100, 98);
  scene_.backends[0].object += "-new";
  show();
  fall(1);
  EXPECT_TRUE(detectors_.alarms().empty());
  fall(1);
  EXPECT_NE(alarm("service/web silent"), nullptr);
}

TEST_F(AnswersTest, AChangeThatLeadsToItGoesBack) {
  windows(6, 100, 98);
  pend(47, {"service/web"}, "web");
  fall(1);
  ASSERT_NE(detectors_.harm(47), nullptr);
  EXPECT_EQ(detectors_.harm(47)->suspects.front().object, "service/web");
  EXPECT_EQ(detectors_.harm(47)->suspects.front().generation, 47u);
}

TEST_F(AnswersTest, NotWhenAsManyOthersFallSilent) {
  windows(6, 100, 98);
  pend(47, {"service/web"}, "web");
  windows(2, 100, 0);
  EXPECT_NE(alarm("service/web silent"), nullptr);
  EXPECT_EQ(detectors_.harm(47), nullptr);
}

TEST_F(AnswersTest, AServiceThatFewUseSaysNothing) {
  windows(6, 2, 2, "web");
  windows(2, 1000, 0, "web");
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(AnswersTest, AFewThatAreNotAnsweredSayNothing) {
  windows(6, 100, 98);
  windows(3, 1, 0);
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(AnswersTest, FewerOfWhichMoreAreAnsweredAreNoSilence) {
  windows(6, 400, 200);
  windows(3, 80, 80);
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(AnswersTest, ACrowdWithinAFloodIsNoSilence) {
  windows(6, 100, 98);
  windows(2, 5000, 400);
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(AnswersTest, TwoWindowsMakeNothingUsual) {
  windows(3, 100, 98);
  fall(1);
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(AnswersTest, CountersThatGoBackSayNothing) {
  windows(6, 100, 98);
  second_.established.assign(scene_.backends.size(), 0);
  windows(1, 100, 98);
  EXPECT_TRUE(detectors_.alarms().empty());
}

}  // namespace
}  // namespace steadfast::detect
