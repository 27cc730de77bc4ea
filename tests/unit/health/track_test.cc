// SPDX-License-Identifier: Apache-2.0
#include "health/track.h"

#include <gtest/gtest.h>

namespace steadfast::health {
namespace {

using namespace std::chrono_literals;

class TrackTest : public testing::Test {
 protected:
  void take(Outcome outcome) { track.take({outcome, "", 1ms}, 3, 2, now += 1s); }

  Track track;
  Time now = 100s;
};

TEST_F(TrackTest, IsUnknownBeforeAnyResult) { EXPECT_EQ(track.standing(), Standing::unknown); }

TEST_F(TrackTest, ANewOnePassesByOneProof) {
  take(Outcome::passed);
  EXPECT_EQ(track.standing(), Standing::passing);
}

TEST_F(TrackTest, FallsAfterAsManyFailuresInARow) {
  for (const Outcome outcome :
       {Outcome::no_answer, Outcome::refused, Outcome::passed, Outcome::no_answer, Outcome::no_answer})
    take(outcome);
  EXPECT_EQ(track.standing(), Standing::passing);
  take(Outcome::bad_status);
  EXPECT_EQ(track.standing(), Standing::failing);
  EXPECT_EQ(track.fails(), 3u);
  EXPECT_EQ(track.failing_since(), 104s);
  EXPECT_EQ(track.last_pass(), 103s);
}

TEST_F(TrackTest, RisesAfterAsManyPassesInARow) {
  for (int i = 0; i < 3; ++i) take(Outcome::no_answer);
  take(Outcome::passed);
  EXPECT_EQ(track.standing(), Standing::failing);
  take(Outcome::no_answer);
  take(Outcome::passed);
  EXPECT_EQ(track.standing(), Standing::failing);
  take(Outcome::passed);
  EXPECT_EQ(track.standing(), Standing::passing);
}

TEST_F(TrackTest, ALocalErrorIsNeitherPassNorFailure) {
  take(Outcome::passed);
  take(Outcome::no_answer);
  take(Outcome::no_answer);
  for (int i = 0; i < 5; ++i) take(Outcome::local_error);
  EXPECT_EQ(track.standing(), Standing::passing);
  take(Outcome::no_answer);
  EXPECT_EQ(track.standing(), Standing::failing);
  EXPECT_EQ(track.last()->outcome, Outcome::no_answer);
}

TEST_F(TrackTest, ForgivesOnlyAFailureThatBeganSince) {
  for (int i = 0; i < 3; ++i) take(Outcome::no_answer);
  track.forgive(102s);
  EXPECT_EQ(track.standing(), Standing::failing);
  track.forgive(101s);
  EXPECT_EQ(track.standing(), Standing::unknown);
  EXPECT_EQ(track.fails(), 0u);
}

TEST_F(TrackTest, WhatIsForgivenNeedsNoSecondPass) {
  for (int i = 0; i < 3; ++i) take(Outcome::no_answer);
  take(Outcome::passed);
  track.forgive(102s);
  EXPECT_EQ(track.standing(), Standing::failing);
  track.forgive(101s);
  EXPECT_EQ(track.standing(), Standing::passing);
}

}  // namespace
}  // namespace steadfast::health
