// SPDX-License-Identifier: Apache-2.0
// Which entries of the flow table keep a drain waiting, and for how long.
#include <gtest/gtest.h>

#include "counters/collect.h"
#include "support/lab.h"

namespace steadfast {
namespace {

constexpr std::uint32_t kBackend = 1, kNow_s = 70'000;  // beyond the 16 bits of an age

class FlowsLeftTest : public testing::Test {
 protected:
  FlowsLeftTest() { lab_.memory().selector->clock_s = kNow_s; }

  void know(std::size_t bucket, unsigned state, std::uint32_t idle_s) {
    lab_.memory().flows[bucket].way[0] = std::uint64_t{kBackend} << SF_FLOW_BACKEND_SHIFT |
                                         std::uint64_t{state} << SF_FLOW_STATE_SHIFT |
                                         std::uint64_t{kNow_s - idle_s} << SF_FLOW_AGE_SHIFT;
  }
  health::FlowsLeft left() { return flows_left(lab_.memory())[kBackend]; }

  Lab lab_{Engine::host, lab_config("")};
};

TEST_F(FlowsLeftTest, AnEmptyTableHoldsNobody) { EXPECT_EQ(left(), health::FlowsLeft{}); }

TEST_F(FlowsLeftTest, AnOpenConnectionCountsUntilItHasBeenSilentForTooLong) {
  know(0, SF_FLOW_ESTABLISHED, 100);
  EXPECT_EQ(left(), (health::FlowsLeft{1, SF_FLOW_IDLE_S + SF_FLOW_TOUCH_S - 100}));
  know(0, SF_FLOW_ESTABLISHED, SF_FLOW_IDLE_S + SF_FLOW_TOUCH_S);
  EXPECT_EQ(left().flows, 0u);
}

TEST_F(FlowsLeftTest, TalkAndHandshakesCountForAShorterTime) {
  for (const unsigned state : {SF_FLOW_TALKING, SF_FLOW_SEEN, SF_FLOW_HALF_OPEN}) {
    know(0, state, 10);
    EXPECT_EQ(left(), (health::FlowsLeft{1, SF_TALKING_IDLE_S + SF_FLOW_TOUCH_S - 10})) << state;
    know(0, state, SF_TALKING_IDLE_S + SF_FLOW_TOUCH_S);
    EXPECT_EQ(left().flows, 0u) << state;
  }
}

TEST_F(FlowsLeftTest, AClosedConnectionNeedsNobody) {
  know(0, SF_FLOW_CLOSING, 0);
  EXPECT_EQ(left().flows, 0u);
}

TEST_F(FlowsLeftTest, TheLastToFallSilentSaysWhenItIsOver) {
  know(0, SF_FLOW_ESTABLISHED, 200);
  know(1, SF_FLOW_ESTABLISHED, 50);
  EXPECT_EQ(left(), (health::FlowsLeft{2, SF_FLOW_IDLE_S + SF_FLOW_TOUCH_S - 50}));
}

}  // namespace
}  // namespace steadfast
