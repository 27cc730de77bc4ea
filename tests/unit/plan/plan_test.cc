// SPDX-License-Identifier: Apache-2.0
#include "plan/plan.h"

#include <gtest/gtest.h>

#include "files.h"

namespace steadfast {
namespace {

const std::string kApi = service("api", "api", 8443);
const std::string kApiPool = pool("api") + backend("x", "10.0.3.1");

Model two(int web_backends, bool with_api = true) {
  return model_of(lab_config(service("web", "web") + (with_api ? kApi : "") + pool("web") +
                             backends(web_backends) + kApiPool));
}

Traffic traffic(double web, double api) {
  Traffic traffic{true, {}};
  traffic.services["tcp 192.0.2.10:443"].packets_per_s = web;
  traffic.services["tcp 192.0.2.10:8443"].packets_per_s = api;
  return traffic;
}

TEST(Plan, WeighsServicesByTheirTraffic) {
  const Plan plan = plan_of(two(4), two(4, false), traffic(699, 301));
  EXPECT_TRUE(plan.weighted);
  EXPECT_NEAR(plan.dropped, 0.301, 1e-12);
  EXPECT_DOUBLE_EQ(plan.moved, 0);
}

TEST(Plan, CountsServicesAlikeWhenNothingFlows) {
  for (const Traffic& none : {Traffic{}, traffic(0, 0)}) {
    const Plan plan = plan_of(two(4), two(4, false), none);
    EXPECT_FALSE(plan.weighted);
    EXPECT_DOUBLE_EQ(plan.dropped, 0.5);
  }
}

TEST(Plan, DoesNotWeighWhatNobodyCounted) {
  Traffic unknown = traffic(1, 999);
  unknown.known = false;
  EXPECT_FALSE(plan_of(two(4), two(4, false), unknown).weighted);
}

TEST(Plan, ListsEveryServiceOfEitherGeneration) {
  const Plan plan = plan_of(two(4), model_of(lab_config(service("web", "web") + service("new", "web", 80) +
                                                        pool("web") + backends(4))));
  ASSERT_EQ(plan.services.size(), 3u);
  EXPECT_EQ(plan.services[0].service, "web");
  EXPECT_TRUE(plan.services[0].serves_now);
  EXPECT_EQ(plan.services[1].service, "new");
  EXPECT_FALSE(plan.services[1].serves_now);
  EXPECT_DOUBLE_EQ(plan.services[1].moved, 0);
  EXPECT_EQ(plan.services[2].service, "api");
  EXPECT_EQ(plan.services[2].endpoint, "tcp 192.0.2.10:8443");
  EXPECT_FALSE(plan.services[2].place);
  EXPECT_DOUBLE_EQ(plan.services[2].dropped, 1);
}

TEST(Plan, MovesNothingWhenNothingChanges) {
  const Plan plan = plan_of(two(4), two(4), traffic(10, 10));
  EXPECT_DOUBLE_EQ(plan.moved, 0);
  EXPECT_DOUBLE_EQ(plan.dropped, 0);
  EXPECT_TRUE(plan.objects.empty());
  EXPECT_TRUE(plan.pools.empty());
  EXPECT_TRUE(plan.domains.empty());
}

TEST(Plan, OfTheFirstGenerationAddsEverythingAndMovesNothing) {
  const Model after = two(2);
  const Plan plan = make_plan({}, {&after, nullptr}, {});
  EXPECT_EQ(plan.objects.size(), 2u + 2u + 3u);
  for (const ObjectChange& change : plan.objects) EXPECT_EQ(change.kind, ChangeKind::added);
  EXPECT_DOUBLE_EQ(plan.moved, 0);
  EXPECT_DOUBLE_EQ(plan.dropped, 0);
  ASSERT_EQ(plan.pools.size(), 2u);
  EXPECT_EQ(plan.pools[0].backends_before, 0u);
}

TEST(Plan, KeepsServicesOfOnePoolApartByTheirPorts) {
  const auto file = [](const std::string& keys) {
    return model_of(lab_config(service("web", "web") + service("alt", "web", 8443) + pool("web") +
                               backend("a", "10.0.2.1", "weight = 1\n" + keys) +
                               backend("b", "10.0.2.2", "weight = 1\n" + keys)));
  };
  // 443 is the port of "web" anyway; to "alt" it is another one.
  const Plan plan = plan_of(file(""), file("port = 443\n"));
  EXPECT_LT(plan.services[0].moved, 1);
  EXPECT_DOUBLE_EQ(plan.services[1].moved, 1);
}

}  // namespace
}  // namespace steadfast
