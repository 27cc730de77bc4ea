// SPDX-License-Identifier: Apache-2.0
#include "health/probe.h"

#include <gtest/gtest.h>

#include "health/board.h"

namespace steadfast::health {
namespace {

TEST(Probe, ProvesSomethingUnlessTheFaultIsOurs) {
  EXPECT_EQ(proof_of(Outcome::passed), Proof::pass);
  EXPECT_EQ(proof_of(Outcome::refused), Proof::fail);
  EXPECT_EQ(proof_of(Outcome::wrong_source), Proof::fail);
  EXPECT_EQ(proof_of(Outcome::local_error), Proof::none);
}

TEST(Probe, HasWordsForMetrics) {
  EXPECT_EQ(name(Outcome::wrong_source), "wrong-source");
  EXPECT_FALSE(help(Outcome::local_error).empty());
  EXPECT_EQ(name(Kind::address), "address");
  EXPECT_EQ(name(State::deaf), "deaf");
  EXPECT_FALSE(help(State::held).empty());
  EXPECT_EQ(name(Reason::local_cause), "local-cause");
  EXPECT_FALSE(help(Reason::pace).empty());
  EXPECT_EQ(code_of(AlertKind::floor), "SF910");
  EXPECT_EQ(name(AlertKind::deaf), "deaf");
}

}  // namespace
}  // namespace steadfast::health
