// SPDX-License-Identifier: Apache-2.0
#include "health/floor.h"

#include "fleet.h"

namespace steadfast::health {
namespace {

Pool with(std::optional<config::Amount> amount) {
  Pool made;
  if (amount) made.min_healthy = Located<config::Amount>(*amount);
  return made;
}

Candidate bad(Time last_pass = 100s, unsigned fails = 3) {
  return {.failing = true, .proven = false, .last_pass = last_pass, .fails = fails, .weight = 100};
}

using Indices = std::vector<std::size_t>;

TEST(Floor, IsAPercentageRoundedUpOrACount) {
  EXPECT_EQ(floor_of(with(percent(50)), 5), 3u);
  EXPECT_EQ(floor_of(with(count(2)), 5), 2u);
  EXPECT_EQ(floor_of(with(count(9)), 5), 5u);
}

TEST(Floor, IsOneUnlessTheFileSaysNone) {
  EXPECT_EQ(floor_of(with({}), 5), 1u);
  EXPECT_EQ(floor_of(with({}), 0), 0u);
  EXPECT_EQ(floor_of(with(count(0)), 5), 0u);
}

TEST(Floor, KeepsNobodyWhileEnoughAreGood) {
  const std::vector<Candidate> all{{}, {}, bad()};
  EXPECT_TRUE(kept_by_floor(all, 2).empty());
  EXPECT_EQ(kept_by_floor(all, 3), (Indices{2}));
}

TEST(Floor, DoesNotCountWhoIsUnproven) {
  const std::vector<Candidate> all{{.proven = false}, {}, bad()};
  EXPECT_EQ(kept_by_floor(all, 2), (Indices{2}));
}

TEST(Floor, KeepsWhoPassedLast) {
  EXPECT_EQ(kept_by_floor(std::vector{bad(100s), bad(200s), bad(150s)}, 2), (Indices{1, 2}));
}

TEST(Floor, ThenWhoFailedLeastThenWhoCompletesMostThenTheHeaviest) {
  EXPECT_EQ(kept_by_floor(std::vector{bad(100s, 3), bad(101s, 9)}, 1), (Indices{0}));
  std::vector all{bad(), bad()};
  all[1].completion = 0.2;
  EXPECT_EQ(kept_by_floor(all, 1), (Indices{0}));
  all[1].completion = 1;
  all[0].weight = 200;
  EXPECT_EQ(kept_by_floor(all, 1), (Indices{0}));
}

TEST(Floor, KeepsThoseThatServeBeforeThoseThatAreOut) {
  std::vector all{bad(300s), bad(100s)};
  all[0].serving = false;
  EXPECT_EQ(kept_by_floor(all, 1), (Indices{1}));
  EXPECT_EQ(worst_first(all), (Indices{0, 1}));
}

}  // namespace
}  // namespace steadfast::health
