// SPDX-License-Identifier: Apache-2.0
#include "plan/capacity.h"

#include <gtest/gtest.h>

#include "files.h"

namespace steadfast {
namespace {

std::string racked(const std::string& name, const std::string& address, const std::string& rack,
                   const std::string& keys = "") {
  return backend(name, address, "weight = 100\nlabels = { rack = \"" + rack + "\", zone = \"z1\" }\n" + keys);
}

TEST(PoolCapacities, ListsPoolsThatChangeAlone) {
  const auto found = pool_capacities(web(backends(4)), web(backends(3)));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].pool, "web");
  EXPECT_EQ(found[0].weight_before, 400u);
  EXPECT_EQ(found[0].weight_after, 300u);
  EXPECT_EQ(found[0].backends_before, 4u);
  EXPECT_EQ(found[0].backends_after, 3u);
  EXPECT_EQ(found[0].backends_lost, 1u);
  EXPECT_DOUBLE_EQ(found[0].lost(), 0.25);
  EXPECT_TRUE(pool_capacities(web(backends(4)), web(backends(4))).empty());
}

TEST(PoolCapacities, CountsOnlyWhatTakesNewFlows) {
  const std::string rest = backend("d", "10.0.9.1", "weight = 100\nstate = \"drain\"\n") +
                           backend("z", "10.0.9.2", "weight = 0\n");
  EXPECT_TRUE(pool_capacities(web(backends(2) + rest), web(backends(2))).empty());
}

TEST(PoolCapacities, LosesNothingByGrowing) {
  EXPECT_DOUBLE_EQ(pool_capacities(web(backends(3)), web(backends(4)))[0].lost(), 0);
}

TEST(PoolCapacities, CountsBackendsThatKeepLessThanHalfOfTheirShare) {
  const Model before = web(backends(4));
  const Model after = web(backends(2) + backend("b3", "10.0.2.3", "weight = 20\n") +
                          backend("b4", "10.0.2.4", "weight = 90\n"));
  EXPECT_EQ(pool_capacities(before, after)[0].backends_lost, 1u);
}

TEST(PoolCapacities, KnowsRemovedAndAddedPools) {
  const Model two = model_of(
      lab_config(service("web", "web") + pool("web") + backends(1) + pool("old") + backend("x", "10.0.3.1")));
  const auto removed = pool_capacities(two, web(backends(1)));
  ASSERT_EQ(removed.size(), 1u);
  EXPECT_EQ(removed[0].pool, "old");
  EXPECT_DOUBLE_EQ(removed[0].lost(), 1);
  EXPECT_EQ(pool_capacities(web(backends(1)), two)[0].weight_before, 0u);
}

TEST(DomainCapacities, SumOverPoolsByLabel) {
  const Model before =
      web(racked("a", "10.0.2.1", "r1") + racked("b", "10.0.2.2", "r1") + racked("c", "10.0.2.3", "r2"));
  const Model after =
      web(racked("a", "10.0.2.1", "r1") + racked("b", "10.0.2.2", "r1", "state = \"drain\"\n") +
          racked("c", "10.0.2.3", "r2"));
  const auto found = domain_capacities(before, after);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].label + "=" + found[0].value, "rack=r1");
  EXPECT_DOUBLE_EQ(found[0].lost(), 0.5);
  EXPECT_EQ(found[1].label + "=" + found[1].value, "zone=z1");
  EXPECT_EQ(found[1].backends_before, 3u);
  EXPECT_EQ(found[1].backends_after, 2u);
}

}  // namespace
}  // namespace steadfast
