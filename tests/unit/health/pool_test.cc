// SPDX-License-Identifier: Apache-2.0
// One pool on the board: states, floor, pace, warm-up, drain.
#include "fleet.h"

namespace steadfast::health {
namespace {

class PoolHealth : public Fleet {
 protected:
  Pool web(int backends, std::optional<config::Amount> floor = std::nullopt) {
    Pool made = pool("web", backends);
    if (floor) made.min_healthy = Located<config::Amount>(*floor);
    return made;
  }
};

TEST_F(PoolHealth, UnknownIsUp) {
  adopt({web(3)});
  EXPECT_EQ(state("web", 1), State::up);
  EXPECT_EQ(of("web", 1).reason, Reason::unproven);
  EXPECT_TRUE(board.overlay().shares.empty());
  EXPECT_TRUE(board.take_events().empty());
}

TEST_F(PoolHealth, FallsRisesAndWarmsUp) {
  adopt({web(10)});
  rounds(3, "web", 10, 1);
  EXPECT_EQ(state("web", 1), State::down);
  EXPECT_FALSE(board.overlay().of("web", "b1").in);
  EXPECT_EQ(of("web", 1).since, now);
  const auto events = board.take_events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].from, State::up);
  EXPECT_EQ(events[0].to, State::down);
  EXPECT_EQ(events[0].reason, Reason::probes_fail);
  EXPECT_EQ(events[0].detail, "service \"web\": no-answer");

  rounds(2, "web", 10, 0);
  EXPECT_EQ(state("web", 1), State::up);
  EXPECT_EQ(of("web", 1).reason, Reason::warming);
  EXPECT_DOUBLE_EQ(board.overlay().of("web", "b1").factor, 0.1);
  EXPECT_EQ(board.overlay().shares.size(), 1u);
  wait(30s);
  EXPECT_EQ(of("web", 1).reason, Reason::passed);
  EXPECT_TRUE(board.overlay().shares.empty());
}

TEST_F(PoolHealth, TheFloorHoldsTheLeastBad) {
  adopt({web(4, percent(75))});
  rounds(3, "web", 4, 0);
  rounds(1, "web", 4, 2);
  wait(10s);
  rounds(3, "web", 4, 3);
  EXPECT_EQ(serving("web"), 3);
  EXPECT_EQ(state("web", 3), State::held);
  EXPECT_EQ(of("web", 3).reason, Reason::floor);
  ASSERT_TRUE(alerts(AlertKind::floor));
  EXPECT_NE(board.alerts()[0].message.find("3 of 4 backends fail, and 3 must stay"), std::string::npos);
  EXPECT_EQ(board.alerts()[0].object, "pool/web");
}

TEST_F(PoolHealth, TheFloorDoesNotMoveFlowsFromOneBadBackendToAnother) {
  adopt({web(4, count(2))});
  rounds(3, "web", 4, 0);
  rounds(40, "web", 4, 4);
  const Overlay before = board.overlay();
  EXPECT_EQ(serving("web"), 2);
  for (int i = 0; i < 20; ++i) {
    now += 2s;
    for (int b = 1; b <= 4; ++b) probe("web", b, b == 1 + i % 4 ? Outcome::passed : Outcome::no_answer);
    board.tick(now);
    EXPECT_EQ(board.overlay(), before);
  }
}

TEST_F(PoolHealth, TheLastBackendStaysWithoutMinHealthy) {
  adopt({web(2)});
  rounds(3, "web", 2, 0);
  rounds(40, "web", 2, 2);
  EXPECT_EQ(serving("web"), 1);
  ASSERT_TRUE(alerts(AlertKind::floor));
}

TEST_F(PoolHealth, AReloadThatShrinksThePoolBringsBackWhoTheFloorNeeds) {
  adopt({web(6, count(3))});
  rounds(3, "web", 6, 0);
  rounds(40, "web", 6, 3);
  EXPECT_EQ(serving("web"), 3);
  Pool smaller = web(6, count(3));
  smaller.backends.erase(smaller.backends.begin() + 4, smaller.backends.end());
  adopt({smaller});
  EXPECT_EQ(serving("web"), 3);
  ASSERT_TRUE(alerts(AlertKind::floor));
  EXPECT_TRUE(board.overlay().of("web", "b4").in);
}

TEST_F(PoolHealth, TheUnprovenDoNotCountForTheFloor) {
  adopt({web(4, count(2))});
  for (int i = 0; i < 3; ++i) {
    now += 2s;
    round("web", 1, 2, Outcome::no_answer);
  }
  EXPECT_EQ(serving("web"), 4);
  rounds(1, "web", 4, 2);
  EXPECT_EQ(serving("web"), 3);
}

TEST_F(PoolHealth, GoesOutPacedBelowSeventyPercent) {
  adopt({web(10, count(1))});
  rounds(3, "web", 10, 0);
  rounds(3, "web", 10, 6);
  EXPECT_EQ(serving("web"), 7);
  EXPECT_EQ(of("web", 1).reason == Reason::pace || of("web", 6).reason == Reason::pace, true);
  rounds(5, "web", 10, 6);
  EXPECT_EQ(serving("web"), 6);
  EXPECT_FALSE(alerts(AlertKind::floor));
  rounds(15, "web", 10, 6);
  EXPECT_EQ(serving("web"), 4);
}

TEST_F(PoolHealth, ADrainEndsByItself) {
  Pool draining = web(3);
  adopt({draining});
  board.set_flows("web", "b1", {0});
  draining.backends[0] = backend(1, BackendState::drain);
  adopt({draining});
  EXPECT_EQ(state("web", 1), State::draining);
  board.set_flows("web", "b1", {5});
  wait(1s);
  EXPECT_EQ(state("web", 1), State::draining);
  EXPECT_EQ(of("web", 1).flows->flows, 5u);
  board.set_flows("web", "b1", {0});
  wait(1s);
  EXPECT_EQ(state("web", 1), State::drained);
  EXPECT_EQ(board.take_events().back().reason, Reason::no_flows);
  board.set_flows("web", "b1", {3});
  wait(1s);
  EXPECT_EQ(state("web", 1), State::drained);
  EXPECT_TRUE(board.overlay().shares.empty());
}

TEST_F(PoolHealth, AWeightOfZeroDrainsAndUndrainingWarmsUp) {
  Pool draining = web(3);
  draining.backends[0] = backend(1, BackendState::active, 0);
  adopt({draining});
  EXPECT_EQ(state("web", 1), State::draining);
  adopt({web(3)});
  EXPECT_DOUBLE_EQ(board.overlay().of("web", "b1").factor, 0.1);
  wait(30s);
  EXPECT_TRUE(board.overlay().shares.empty());
}

TEST_F(PoolHealth, SaysWhoIsDisabled) {
  Pool made = web(3);
  made.backends[0] = backend(1, BackendState::disabled);
  adopt({made});
  EXPECT_EQ(state("web", 1), State::disabled);
  EXPECT_TRUE(board.take_events().empty());
}

TEST_F(PoolHealth, ADeafBackendIsAnAlert) {
  adopt({web(4)});
  rounds(3, "web", 4, 0);
  rounds(3, "web", 4, 1);
  probe("web", 1, Outcome::passed, Kind::address);
  board.tick(now);
  EXPECT_EQ(state("web", 1), State::deaf);
  ASSERT_TRUE(alerts(AlertKind::deaf));
  EXPECT_EQ(board.alerts()[0].object, "backend/web/b1");
}

}  // namespace
}  // namespace steadfast::health
