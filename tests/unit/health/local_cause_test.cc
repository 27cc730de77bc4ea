// SPDX-License-Identifier: Apache-2.0
#include "health/local_cause.h"

#include <gtest/gtest.h>

#include <vector>

namespace steadfast::health {
namespace {

using namespace std::chrono_literals;
using Cause = LocalCause::Cause;

Voter fails(std::size_t pool, Time since = 100s) {
  return {.pool = pool, .failing = true, .failing_since = since, .last_proof = 106s, .last_pass = since - 2s};
}
Voter passes(std::size_t pool, Time last = 105s) {
  return {.pool = pool, .last_proof = last, .last_pass = last};
}
Voter blocked(std::size_t pool) { return {.pool = pool, .local_error = true}; }

Cause cause_of(const std::vector<Voter>& voters, bool fallen = true) {
  LocalCause cause;
  cause.tick(voters, fallen, 107s);
  return cause.cause();
}

TEST(LocalCause, IsSeenWhenAllPoolsFailTogether) {
  EXPECT_EQ(cause_of({fails(0), fails(0), fails(1, 103s), fails(1)}), Cause::all_fail);
}

TEST(LocalCause, WaitsUntilSomebodyWouldGoOut) {
  EXPECT_EQ(cause_of({fails(0), fails(0), fails(1), fails(1)}, false), Cause::none);
}

TEST(LocalCause, IsNotOnePoolNorFewBackends) {
  EXPECT_EQ(cause_of({fails(0), fails(0), fails(0), fails(0)}), Cause::none);
  EXPECT_EQ(cause_of({fails(0), fails(1), fails(1)}), Cause::none);
}

TEST(LocalCause, IsNotWhereAnyoneStillPasses) {
  EXPECT_EQ(cause_of({fails(0), fails(0), fails(1), fails(1), passes(2)}), Cause::none);
}

TEST(LocalCause, DoesNotHearWhoWasNotAskedSince) {
  EXPECT_EQ(cause_of({fails(0), fails(0), fails(1), fails(1), passes(2, 99s)}), Cause::all_fail);
}

TEST(LocalCause, IsNotWhatFailedBefore) {
  EXPECT_EQ(cause_of({fails(0, 50s), fails(0, 50s), fails(1), fails(1)}), Cause::none);
  EXPECT_EQ(cause_of({fails(0), fails(0), fails(1), fails(1), fails(2, 50s)}), Cause::all_fail);
}

TEST(LocalCause, IsSeenWhenNoProbeLeaves) {
  EXPECT_EQ(cause_of({blocked(0), blocked(0)}, false), Cause::no_probe_leaves);
  EXPECT_EQ(cause_of({blocked(0), passes(0)}, false), Cause::none);
  EXPECT_EQ(cause_of({}, false), Cause::none);
}

TEST(LocalCause, EndsWithAPass) {
  LocalCause cause;
  std::vector<Voter> voters{fails(0), fails(0), fails(1), fails(1)};
  cause.tick(voters, true, 107s);
  EXPECT_EQ(cause.began(), 100s);
  cause.tick(voters, true, 200s);
  EXPECT_TRUE(cause.is_frozen());
  EXPECT_EQ(cause.since(), 107s);
  voters[0] = passes(0, 201s);
  cause.tick(voters, true, 202s);
  EXPECT_FALSE(cause.is_frozen());
}

TEST(LocalCause, EndsWhenProbesLeaveAgain) {
  LocalCause cause;
  cause.tick(std::vector{blocked(0), blocked(1)}, false, 107s);
  cause.tick(std::vector{blocked(0), fails(1)}, false, 108s);
  EXPECT_FALSE(cause.is_frozen());
  EXPECT_EQ(name(cause.cause()), "none");
}

}  // namespace
}  // namespace steadfast::health
