// SPDX-License-Identifier: Apache-2.0
#include "detect/shares.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace steadfast::detect {
namespace {

std::vector<ShareSeen> pool_of(std::initializer_list<double> shares) {
  std::vector<ShareSeen> pool;
  for (const double share : shares) pool.push_back({0, share});
  return pool;
}

void send(std::vector<ShareSeen>& pool, std::initializer_list<double> to, int flows, unsigned seed) {
  std::mt19937_64 random(seed);
  std::discrete_distribution<std::size_t> pick(to);
  for (int i = 0; i < flows; ++i) ++pool[pick(random)].new_flows;
}

TEST(Shares, AsTheRingSaysIsNoDeviation) {
  for (unsigned seed = 1; seed <= 1000; ++seed) {
    auto pool = pool_of({0.5, 0.25, 0.25});
    send(pool, {2, 1, 1}, 300, seed);
    ASSERT_TRUE(deviation(pool));
    EXPECT_LT(deviation(pool)->score, kUnlikelyScore) << seed;
  }
}

TEST(Shares, ABackendWithTwiceItsShareIsNamed) {
  auto pool = pool_of({0.25, 0.25, 0.25, 0.25});
  send(pool, {1, 1, 2, 1}, 1000, 3);
  EXPECT_GT(deviation(pool)->score, kUnlikelyScore);
  EXPECT_EQ(deviation(pool)->worst, 2u);
  EXPECT_NEAR(deviation(pool)->seen_share, 0.4, 0.05);
}

TEST(Shares, ABackendThatGetsNothingIsNamed) {
  auto pool = pool_of({0.25, 0.25, 0.25, 0.25});
  send(pool, {1, 0, 1, 1}, 400, 2);
  EXPECT_GT(deviation(pool)->score, kUnlikelyScore);
  EXPECT_EQ(deviation(pool)->worst, 1u);
}

TEST(Shares, DrainedBackendsDoNotCount) {
  auto pool = pool_of({0.5, 0, 0.5});
  send(pool, {1, 0, 1}, 200, 3);
  EXPECT_LT(deviation(pool)->score, kUnlikelyScore);
}

TEST(Shares, TooFewFlowsAndOneBackendSayNothing) {
  auto few = pool_of({0.99, 0.01});
  send(few, {99, 1}, 100, 4);
  EXPECT_FALSE(deviation(few));
  auto one = pool_of({1});
  send(one, {1}, 100, 5);
  EXPECT_FALSE(deviation(one));
  EXPECT_FALSE(deviation({}));
}

}  // namespace
}  // namespace steadfast::detect
