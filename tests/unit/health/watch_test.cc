// SPDX-License-Identifier: Apache-2.0
#include "health/watch.h"

#include "fleet.h"

namespace steadfast::health {
namespace {

class WatchTest : public testing::Test {
 protected:
  void take(Kind kind, Outcome outcome, int times = 1, const std::string& service = "web") {
    for (int i = 0; i < times; ++i)
      watch.take({"web", "b1", kind, kind == Kind::path ? service : ""}, {outcome, "why", 1ms}, check,
                 now += 1s);
  }
  Assessment assess() { return watch.assess(check); }

  Watch watch;
  Health check = tcp_check();
  Time now = 100s;
};

TEST_F(WatchTest, UnprovenServes) {
  EXPECT_FALSE(assess().failing);
  EXPECT_FALSE(assess().proven);
  EXPECT_EQ(assess().reason, Reason::unproven);
}

TEST_F(WatchTest, NeedsNoProofWithoutACheck) {
  EXPECT_TRUE(watch.assess(std::nullopt).proven);
  EXPECT_EQ(watch.assess(std::nullopt).reason, Reason::unprobed);
}

TEST_F(WatchTest, IsDownWhenThePathFails) {
  take(Kind::path, Outcome::refused, 3);
  EXPECT_TRUE(assess().failing);
  EXPECT_EQ(assess().state, State::down);
  EXPECT_EQ(assess().detail, "service \"web\": refused: why");
}

TEST_F(WatchTest, IsDeafWhenItsOwnAddressAnswers) {
  take(Kind::path, Outcome::no_answer, 3);
  take(Kind::address, Outcome::passed);
  EXPECT_EQ(assess().state, State::deaf);
  EXPECT_EQ(assess().reason, Reason::path_fails);
}

// The address is asked five times less often: a host that died would be called deaf
// by what it said when it lived.
TEST_F(WatchTest, IsDownUntilItsAddressAnswersAfterThePathBeganToFail) {
  take(Kind::address, Outcome::passed);
  take(Kind::path, Outcome::no_answer, 3);
  EXPECT_EQ(assess().state, State::down);
  take(Kind::address, Outcome::passed);
  EXPECT_EQ(assess().state, State::deaf);
  take(Kind::address, Outcome::no_answer);
  EXPECT_EQ(assess().state, State::down);
}

TEST_F(WatchTest, IsDeafToOneServiceOfTwo) {
  for (int i = 0; i < 3; ++i) {
    take(Kind::path, Outcome::passed);
    take(Kind::path, Outcome::no_answer, 1, "api");
  }
  EXPECT_TRUE(assess().failing);
  watch.keep_services({"web"});
  EXPECT_FALSE(assess().failing);
}

TEST_F(WatchTest, TheAddressDecidesOnlyWhenIndependent) {
  take(Kind::path, Outcome::passed);
  take(Kind::address, Outcome::refused, 3);
  EXPECT_FALSE(assess().failing);
  check.independent = true;
  EXPECT_TRUE(assess().failing);
  EXPECT_EQ(assess().state, State::down);
}

TEST_F(WatchTest, AnIndependentCheckThatPassesDoesNotHideADeadPath) {
  check.independent = true;
  take(Kind::path, Outcome::no_answer, 3);
  take(Kind::address, Outcome::passed);
  EXPECT_EQ(assess().state, State::deaf);
}

TEST_F(WatchTest, KeepsTheWordsOfTheFailure) {
  take(Kind::path, Outcome::refused, 3);
  take(Kind::path, Outcome::local_error);
  EXPECT_EQ(assess().detail, "service \"web\": refused: why");
  EXPECT_EQ(watch.last(false)->outcome, Outcome::local_error);
}

TEST_F(WatchTest, VotesByItsLatestProofs) {
  EXPECT_FALSE(watch.voter(0, false));
  take(Kind::path, Outcome::passed);
  EXPECT_FALSE(watch.voter(0, false)->failing);
  take(Kind::path, Outcome::no_answer);
  EXPECT_TRUE(watch.voter(0, false)->failing);
  EXPECT_EQ(watch.voter(0, false)->failing_since, 102s);
  take(Kind::path, Outcome::local_error);
  EXPECT_TRUE(watch.voter(0, false)->local_error);
  take(Kind::path, Outcome::passed, 1, "api");
  EXPECT_FALSE(watch.voter(0, false)->failing);
}

}  // namespace
}  // namespace steadfast::health
