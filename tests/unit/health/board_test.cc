// SPDX-License-Identifier: Apache-2.0
// Several pools on the board, users' traffic, publishing, reloads.
#include "fleet.h"

namespace steadfast::health {
namespace {

class BoardTest : public Fleet {
 protected:
  // A second of traffic to the pool: `each` flows per backend, of which `silent` completes `answered`.
  void second(int backends, std::uint64_t each, int silent = 0, std::uint64_t answered = 0) {
    now += 1s;
    for (int b = 1; b <= backends; ++b) {
      HandshakeTotals& total = totals[b];
      const bool in = board.overlay().of("web", "b" + std::to_string(b)).in;
      total.tries += in ? each : 0;
      total.established += !in ? 0 : b <= silent ? answered : each;
      board.count("web", "b" + std::to_string(b), total);
    }
    board.tick(now);
  }
  void seconds(int times, int backends, std::uint64_t each, int silent = 0, std::uint64_t answered = 0) {
    for (int i = 0; i < times; ++i) second(backends, each, silent, answered);
  }

  std::map<int, HandshakeTotals> totals;
};

TEST_F(BoardTest, ASilentBackendGoesOutAndComesBackByTrial) {
  adopt({pool("web", 10)});
  rounds(3, "web", 10, 0);
  seconds(30, 10, 10);
  seconds(2, 10, 10, 1);
  EXPECT_EQ(state("web", 1), State::deaf);
  EXPECT_EQ(of("web", 1).reason, Reason::silent);
  EXPECT_EQ(of("web", 1).detail, "0 of 20 handshakes completed in 2 s, 100 % of the others'");
  EXPECT_FALSE(board.overlay().of("web", "b1").in);
  ASSERT_TRUE(alerts(AlertKind::deaf));

  seconds(10, 10, 10);
  EXPECT_EQ(of("web", 1).reason, Reason::trial);
  EXPECT_DOUBLE_EQ(board.overlay().of("web", "b1").factor, kTrialShare);
  seconds(2, 10, 10);
  EXPECT_EQ(of("web", 1).reason, Reason::warming);
  seconds(31, 10, 10);
  EXPECT_EQ(of("web", 1).reason, Reason::passed);
}

TEST_F(BoardTest, ARelapseInTheTrialGoesOutAgain) {
  adopt({pool("web", 10)});
  rounds(3, "web", 10, 0);
  seconds(30, 10, 10);
  seconds(12, 10, 10, 1);
  EXPECT_EQ(of("web", 1).reason, Reason::trial);
  seconds(3, 10, 10, 1);
  EXPECT_EQ(of("web", 1).reason, Reason::silent);
  seconds(15, 10, 10, 1);
  EXPECT_EQ(of("web", 1).reason, Reason::silent);
}

TEST_F(BoardTest, TakesOutAQuarterOfAPoolByHandshakesAlone) {
  adopt({pool("web", 8)});
  rounds(3, "web", 8, 0);
  seconds(30, 8, 10);
  seconds(5, 8, 10, 4);
  EXPECT_EQ(serving("web"), 6);
  ASSERT_TRUE(alerts(AlertKind::together));
  int held = 0;
  for (int b = 1; b <= 8; ++b) held += of("web", b).reason == Reason::together ? 1 : 0;
  EXPECT_EQ(held, 2);
}

TEST_F(BoardTest, DoesNotCompareWhereOneClientIsOneBackend) {
  Model made = model({pool("web", 10)});
  made.services[0].hash = HashMode::source;
  board.adopt(made, now);
  rounds(3, "web", 10, 0);
  seconds(30, 10, 10);
  seconds(30, 10, 10, 1);
  EXPECT_EQ(serving("web"), 10);
}

TEST_F(BoardTest, CountersThatGoBackSayNothing) {
  adopt({pool("web", 10)});
  rounds(3, "web", 10, 0);
  seconds(30, 10, 10);
  totals[1] = {};
  totals[2].established = 0;
  seconds(5, 10, 10);
  EXPECT_EQ(serving("web"), 10);
}

TEST_F(BoardTest, SilenceRespectsTheFloor) {
  Pool web = pool("web", 4);
  web.min_healthy = Located<config::Amount>(percent(100));
  adopt({web});
  rounds(3, "web", 4, 0);
  seconds(30, 4, 10);
  seconds(5, 4, 10, 1);
  EXPECT_EQ(serving("web"), 4);
  EXPECT_EQ(state("web", 1), State::held);
  ASSERT_TRUE(alerts(AlertKind::floor));
  ASSERT_TRUE(alerts(AlertKind::deaf));
}

TEST_F(BoardTest, FreezesWhenEveryPoolFailsTogether) {
  adopt({pool("web", 4), pool("api", 4)});
  const auto all = [&](Outcome outcome) {
    now += 2s;
    for (int b = 1; b <= 4; ++b) probe("web", b, outcome);
    for (int b = 1; b <= 4; ++b) probe("api", b, outcome);
    board.tick(now);
  };
  for (int i = 0; i < 3; ++i) all(Outcome::passed);
  for (int i = 0; i < 30; ++i) all(Outcome::no_answer);
  EXPECT_TRUE(board.overlay().shares.empty());
  ASSERT_TRUE(alerts(AlertKind::local_cause));
  EXPECT_EQ(of("api", 2).reason, Reason::local_cause);
  EXPECT_EQ(board.view(now).frozen, LocalCause::Cause::all_fail);

  now += 2s;
  round("web", 1, 1, Outcome::passed);
  EXPECT_FALSE(alerts(AlertKind::local_cause));
  EXPECT_TRUE(board.overlay().shares.empty());
  EXPECT_EQ(state("api", 2), State::up);
}

TEST_F(BoardTest, FreezesUsersSignalToo) {
  adopt({pool("web", 10), pool("api", 1)});
  rounds(3, "web", 10, 0);
  for (int b = 1; b <= 10; ++b) probe("web", b, Outcome::local_error);
  probe("api", 1, Outcome::local_error);
  seconds(30, 10, 10);
  seconds(30, 10, 10, 1);
  EXPECT_EQ(serving("web"), 10);
  ASSERT_TRUE(alerts(AlertKind::local_cause));
}

TEST_F(BoardTest, AFrozenBoardStillFollowsTheFile) {
  adopt({pool("web", 4)});
  rounds(3, "web", 4, 0);
  rounds(3, "web", 4, 1);
  for (int b = 1; b <= 4; ++b) probe("web", b, Outcome::local_error);
  board.tick(now);
  EXPECT_FALSE(board.overlay().of("web", "b1").in);
  Pool made = pool("web", 5);
  made.backends[1] = backend(2, BackendState::drain);
  adopt({made});
  EXPECT_EQ(state("web", 2), State::draining);
  EXPECT_EQ(serving("web"), 3);
}

TEST_F(BoardTest, AReloadKeepsWhatIsKnownByNameAndAddress) {
  adopt({pool("web", 10)});
  rounds(3, "web", 10, 2);
  EXPECT_EQ(serving("web"), 8);
  Pool made = pool("web", 10);
  made.backends[1].address = *Address::parse("10.0.9.2");
  std::swap(made.backends[0], made.backends[5]);
  adopt({pool("api", 1), made});
  EXPECT_EQ(state("web", 1), State::down);
  EXPECT_EQ(state("web", 2), State::up);
  EXPECT_EQ(of("web", 2).reason, Reason::unproven);
}

TEST_F(BoardTest, PublishesOnceASecondAndOnlyChanges) {
  adopt({pool("web", 10)});
  rounds(3, "web", 10, 0);
  EXPECT_FALSE(board.due(now));
  rounds(3, "web", 10, 1);
  const auto first = board.due(now);
  ASSERT_TRUE(first);
  EXPECT_FALSE(board.due(now));
  board.published(*first);
  rounds(5, "web", 10, 1);
  EXPECT_FALSE(board.due(now));
}

// 60 % of the backends flap every five seconds for two minutes.
TEST_F(BoardTest, AFlapStormNeitherBreaksTheFloorNorFloodsThePublisher) {
  Pool web = pool("web", 10);
  web.min_healthy = Located<config::Amount>(percent(50));
  adopt({web});
  rounds(3, "web", 10, 0);
  int published = 0;
  for (int i = 0; i < 1200; ++i) {
    now += 100ms;
    if (i % 10 == 0)
      for (int b = 1; b <= 10; ++b)
        probe("web", b, b <= 6 && (i / 50) % 2 == 0 ? Outcome::no_answer : Outcome::passed);
    board.tick(now);
    EXPECT_GE(serving("web"), 5);
    if (const auto overlay = board.due(now)) {
      ++published;
      board.published(*overlay);
    }
  }
  EXPECT_GT(published, 0);
  EXPECT_LE(published, 120);
  RecordProperty("published_in_120_s", published);
}

TEST_F(BoardTest, IgnoresWhatIsNotInTheModel) {
  adopt({pool("web", 2)});
  probe("gone", 1, Outcome::no_answer);
  probe("web", 9, Outcome::no_answer);
  board.take({"web", "b1", Kind::path, "gone"}, {Outcome::no_answer, "", 1ms}, now);
  board.count("gone", "b1", {});
  board.set_flows("web", "b9", {1});
  board.tick(now);
  EXPECT_EQ(serving("web"), 2);
}

}  // namespace
}  // namespace steadfast::health
