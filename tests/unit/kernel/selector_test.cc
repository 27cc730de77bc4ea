// SPDX-License-Identifier: Apache-2.0
#include "kernel/selector.h"

#include <gtest/gtest.h>

#include "bpf/deadman.h"

namespace steadfast {
namespace {

class Selectors : public testing::Test {
 protected:
  Selectors() {
    selector_.clear();
    selector_.make_live(0);
  }
  bool timer(std::uint64_t now_ns) { return sf_fall_back_when_due(&row_, now_ns) != 0; }

  sf_selector row_{};
  Selector selector_{row_};
};

TEST_F(Selectors, AreClearAtFirst) {
  selector_.clear();
  EXPECT_EQ(selector_.current(), SF_NO_SLOT);
  EXPECT_EQ(selector_.candidate(), SF_NO_SLOT);
  EXPECT_FALSE(selector_.is_pending());
}

TEST_F(Selectors, AFinalFlipIsConfirmedAtOnce) {
  selector_.make_live(2);
  EXPECT_EQ(selector_.current(), 2u);
  EXPECT_EQ(selector_.previous(), 0u);
  EXPECT_EQ(selector_.confirmed(), 2u);
  EXPECT_FALSE(timer(UINT64_MAX));
}

TEST_F(Selectors, ThePendingSlotGoesBackAtTheDeadlineAndNotBefore) {
  selector_.arm(100);
  ASSERT_TRUE(selector_.make_live_unless_undone(1));
  EXPECT_EQ(selector_.confirmed(), 0u);
  EXPECT_FALSE(timer(99));
  EXPECT_EQ(selector_.current(), 1u);
  EXPECT_TRUE(timer(100));
  EXPECT_EQ(selector_.current(), 0u);
  EXPECT_EQ(selector_.fallbacks(), 1u);
  EXPECT_FALSE(selector_.is_pending());
  EXPECT_FALSE(timer(200)) << "it happens once";
}

TEST_F(Selectors, WhatIsConfirmedStays) {
  selector_.arm(100);
  ASSERT_TRUE(selector_.make_live_unless_undone(1));
  EXPECT_TRUE(selector_.confirm());
  EXPECT_FALSE(timer(1000));
  EXPECT_EQ(selector_.current(), 1u);
  EXPECT_EQ(selector_.confirmed(), 1u);
}

TEST_F(Selectors, AfterTheDeadlineNobodyConfirmsExtendsOrCancels) {
  selector_.arm(100);
  ASSERT_TRUE(selector_.make_live_unless_undone(1));
  ASSERT_TRUE(timer(100));
  EXPECT_FALSE(selector_.confirm());
  EXPECT_FALSE(selector_.extend(1000));
  EXPECT_FALSE(selector_.cancel());
  EXPECT_EQ(selector_.current(), 0u);
  EXPECT_EQ(selector_.confirmed(), 0u);
}

// The daemon was stopped between arming and flipping, past the deadline: the
// timer waits, because there is nothing to fall back from yet, and acts right after.
TEST_F(Selectors, ADeadlineThatPassesBeforeTheFlipUndoesItAfterwards) {
  selector_.arm(100);
  EXPECT_FALSE(timer(5000));
  EXPECT_TRUE(selector_.make_live_unless_undone(1));
  EXPECT_TRUE(timer(5010));
  EXPECT_EQ(selector_.current(), 0u);
}

TEST_F(Selectors, ACanaryGoesBackToo) {
  selector_.arm(100);
  ASSERT_TRUE(selector_.start_canary(1, 0.25));
  EXPECT_EQ(selector_.current(), 0u);
  EXPECT_EQ(selector_.candidate(), 1u);
  EXPECT_DOUBLE_EQ(selector_.share(), 0.25);
  EXPECT_TRUE(timer(100));
  EXPECT_EQ(selector_.candidate(), SF_NO_SLOT);
  EXPECT_EQ(selector_.current(), 0u);
}

TEST_F(Selectors, ACanaryUsesTheCandidateForItsShareOfTheHashSpace) {
  selector_.arm(100);
  ASSERT_TRUE(selector_.start_canary(3, 0.5));
  EXPECT_EQ(sf_slot_for(row_.live, 0), 3u);
  EXPECT_EQ(sf_slot_for(row_.live, 0x7fffffffffffffff), 3u);
  EXPECT_EQ(sf_slot_for(row_.live, 0x8000000000000000), 0u);
  EXPECT_EQ(sf_slot_for(row_.live, UINT64_MAX), 0u);
}

TEST_F(Selectors, TheSmallestCanaryIsNotNothingAndTheLargestNotAll) {
  selector_.arm(100);
  ASSERT_TRUE(selector_.start_canary(1, 1e-9));
  EXPECT_GT(selector_.share(), 0);
  ASSERT_TRUE(selector_.start_canary(1, 0.9999999));
  EXPECT_LT(selector_.share(), 1);
}

// A daemon that slept through the deadline between reading the word and writing
// it must not bring back what the timer took away.
TEST_F(Selectors, ASwapAgainstAnOldWordFails) {
  selector_.arm(100);
  ASSERT_TRUE(selector_.start_canary(1, 0.5));
  const std::uint64_t seen = row_.live;
  ASSERT_TRUE(timer(100));
  EXPECT_NE(row_.live, seen);
  EXPECT_FALSE(__sync_bool_compare_and_swap(&row_.live, seen, sf_live_after(seen, 1, 0, 0)));
  EXPECT_EQ(selector_.current(), 0u);
}

// The words differ by their epoch even when the slots are the same again.
TEST_F(Selectors, EveryWordIsAnother) {
  const std::uint64_t before = row_.live;
  selector_.arm(100);
  ASSERT_TRUE(selector_.make_live_unless_undone(1));
  ASSERT_TRUE(selector_.cancel());
  EXPECT_EQ(selector_.current(), 0u);
  EXPECT_NE(row_.live, before);
}

TEST_F(Selectors, TheSameGenerationWrittenAnewStaysPending) {
  selector_.arm(100);
  ASSERT_TRUE(selector_.make_live_unless_undone(1));
  EXPECT_TRUE(selector_.replace(1, 2));
  EXPECT_EQ(selector_.current(), 2u);
  EXPECT_EQ(selector_.confirmed(), 0u);
  EXPECT_TRUE(timer(100));
  EXPECT_EQ(selector_.current(), 0u);
  EXPECT_FALSE(selector_.replace(2, 3)) << "packets do not use it any more";
}

TEST_F(Selectors, TheConfirmedGenerationWrittenAnewStaysConfirmed) {
  EXPECT_TRUE(selector_.replace(0, 3));
  EXPECT_EQ(selector_.current(), 3u);
  EXPECT_EQ(selector_.confirmed(), 3u);
}

TEST_F(Selectors, BothSidesOfACanaryCanBeWrittenAnew) {
  selector_.arm(100);
  ASSERT_TRUE(selector_.start_canary(1, 0.5));
  EXPECT_TRUE(selector_.replace(0, 2));
  EXPECT_TRUE(selector_.replace(1, 3));
  EXPECT_EQ(selector_.current(), 2u);
  EXPECT_EQ(selector_.candidate(), 3u);
  EXPECT_DOUBLE_EQ(selector_.share(), 0.5);
  EXPECT_TRUE(timer(100));
  EXPECT_EQ(selector_.current(), 2u);
}

TEST_F(Selectors, ExtendingMovesTheDeadline) {
  selector_.arm(100);
  ASSERT_TRUE(selector_.make_live_unless_undone(1));
  EXPECT_TRUE(selector_.extend(200));
  EXPECT_FALSE(timer(150));
  EXPECT_TRUE(timer(200));
}

// A daemon that dies while it cancels: the timer finishes the work, and it is no
// fallback of the dead man.
TEST_F(Selectors, ACancelThatWasCutShortIsFinishedByTheTimer) {
  selector_.arm(1000);
  ASSERT_TRUE(selector_.make_live_unless_undone(1));
  ASSERT_TRUE(selector_.extend(SF_DEADLINE_NOW));
  EXPECT_TRUE(timer(5));
  EXPECT_EQ(selector_.current(), 0u);
  EXPECT_EQ(selector_.fallbacks(), 0u);
}

TEST_F(Selectors, WhatPacketsWouldGoBackToCanBeWrittenAnew) {
  selector_.arm(100);
  ASSERT_TRUE(selector_.make_live_unless_undone(1));
  EXPECT_TRUE(selector_.replace(0, 3));
  EXPECT_EQ(selector_.confirmed(), 3u);
  ASSERT_TRUE(timer(100));
  EXPECT_EQ(selector_.current(), 3u);
}

// What a start-up finds after a daemon that died between two steps.
TEST_F(Selectors, AReturnToTheConfirmedSlotEndsWhateverWasHalfDone) {
  selector_.arm(100);
  ASSERT_TRUE(selector_.start_canary(1, 0.5));
  selector_.return_to_confirmed();
  EXPECT_EQ(selector_.current(), 0u);
  EXPECT_EQ(selector_.candidate(), SF_NO_SLOT);
  EXPECT_FALSE(selector_.is_pending());

  selector_.arm(100);
  ASSERT_TRUE(selector_.make_live_unless_undone(2));
  selector_.return_to_confirmed();
  EXPECT_EQ(selector_.current(), 0u);
  EXPECT_FALSE(timer(1000));
}

TEST_F(Selectors, NeedsEverySlotThatPacketsMayUseOrComeBackTo) {
  selector_.arm(100);
  ASSERT_TRUE(selector_.start_canary(1, 0.5));
  EXPECT_TRUE(selector_.needs(0));
  EXPECT_TRUE(selector_.needs(1));
  EXPECT_FALSE(selector_.needs(2));
}

}  // namespace
}  // namespace steadfast
