// SPDX-License-Identifier: Apache-2.0
// Shares against a walk over every hash, made here the slow way.
#include "plan/movement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "compile/ring.h"
#include "files.h"

namespace steadfast {
namespace {

// Who gets a flow of this hash; empty when nobody does.
std::string owner(const Model& model, const std::vector<std::uint16_t>& ring, std::size_t hash) {
  if (ring.empty()) return "";
  return model.pools[0].backends[ring[hash & (ring.size() - 1)]].address->text();
}

Movement walk(const Model& before, const Model& after) {
  const auto old_ring = ring_of(before.pools[0]), new_ring = ring_of(after.pools[0]);
  constexpr std::size_t kHashes = 1 << 16;
  Movement movement;
  for (std::size_t hash = 0; hash < kHashes; ++hash) {
    const std::string was = owner(before, old_ring, hash), is = owner(after, new_ring, hash);
    if (was.empty() || was == is) continue;
    (is.empty() ? movement.dropped : movement.moved) += 1.0 / kHashes;
  }
  return movement;
}

Movement movement(const Model& before, const Model& after) {
  const PlanSide was{&before, nullptr}, is{&after, nullptr};
  return Movements(was, is).of(before.services[0], &after.services[0]);
}

void expect_exact(const Model& before, const Model& after) {
  const Movement expected = walk(before, after), got = movement(before, after);
  EXPECT_NEAR(got.moved, expected.moved, 1e-9);
  EXPECT_NEAR(got.dropped, expected.dropped, 1e-9);
}

TEST(Movement, IsExactForEveryKindOfChange) {
  const Model eight = web(backends(8));
  expect_exact(eight, web(backends(8)));
  expect_exact(eight, web(backends(7)));
  expect_exact(eight, web(backends(9)));
  expect_exact(eight, web(backends(16)));
  expect_exact(web(backends(16)), eight);
  expect_exact(eight, web(backends(7) + backend("b8", "10.0.9.9")));
  expect_exact(eight, web(backends(7) + backend("b8", "10.0.2.8", "weight = 300\n")));
  expect_exact(eight, web(backends(7) + backend("b8", "10.0.2.8", "weight = 100\nstate = \"drain\"\n")));
  expect_exact(eight, web(backends(8, 101)));
}

TEST(Movement, OfADrainIsTheShareOfTheDrainedBackend) {
  const Movement drained = movement(
      web(backends(8)), web(backends(7) + backend("b8", "10.0.2.8", "weight = 100\nstate = \"drain\"\n")));
  EXPECT_DOUBLE_EQ(drained.moved, 0.125);
  EXPECT_DOUBLE_EQ(drained.dropped, 0);
}

TEST(Movement, IsNoneWhenOnlyNamesAndOrderChange) {
  const Movement none = movement(
      web(backends(3)), web(backend("x", "10.0.2.3") + backend("y", "10.0.2.1") + backend("z", "10.0.2.2")));
  EXPECT_EQ(none.moved, 0);
}

TEST(Movement, TakesAPortThatIsWrittenOutForTheSameBackend) {
  const Model plain = web(backends(2));
  const Model spelled = web(backend("b1", "10.0.2.1", "weight = 100\nport = 443\n") +
                            backend("b2", "10.0.2.2", "weight = 100\nport = 443\n"));
  const auto old_ring = ring_of(plain.pools[0]), new_ring = ring_of(spelled.pools[0]);
  expect_exact(plain, spelled);
}

TEST(Movement, OfAParkedServiceDropsWhatWasForwarded) {
  const Model active = web(backends(4));
  const Model parked =
      model_of(lab_config(service("web", "web", 443, "state = \"parked\"\n") + pool("web") + backends(4)));
  EXPECT_DOUBLE_EQ(movement(active, parked).dropped, 1);
  EXPECT_DOUBLE_EQ(movement(active, parked).moved, 0);
  EXPECT_DOUBLE_EQ(movement(parked, active).dropped, 0);
  EXPECT_DOUBLE_EQ(movement(parked, parked).dropped, 0);
}

TEST(Movement, OfAPoolThatEmptiesDropsEverything) {
  EXPECT_DOUBLE_EQ(movement(web(backends(4)), web("")).dropped, 1);
  EXPECT_DOUBLE_EQ(movement(web(""), web(backends(4))).moved, 0);
}

class NextHopsTest : public testing::Test {
 protected:
  NextHopsTest() : model(web(backends(4))) {
    for (const Backend& each : model.pools[0].backends) hops[*each.address] = {};
    broken = hops;
    broken[*model.pools[0].backends[0].address].problem = "no route to host";
  }
  Movement between(const Model& after, const NextHops& before_hops, const NextHops& after_hops) const {
    const PlanSide was{&model, &before_hops}, is{&after, &after_hops};
    return Movements(was, is).of(model.services[0], &after.services[0]);
  }
  Model model;
  NextHops hops, broken;
};

TEST_F(NextHopsTest, ThatAreLostDropTheirShare) {
  EXPECT_DOUBLE_EQ(between(model, hops, broken).dropped, 0.25);
  EXPECT_DOUBLE_EQ(between(model, hops, broken).moved, 0);
}

TEST_F(NextHopsTest, ThatComeBackRecoverTheirShare) {
  EXPECT_DOUBLE_EQ(between(model, broken, hops).recovered, 0.25);
  EXPECT_DOUBLE_EQ(between(model, hops, broken).recovered, 0);
}

TEST_F(NextHopsTest, ThatWereBrokenBeforeDropNothingMore) {
  EXPECT_DOUBLE_EQ(between(model, broken, broken).dropped, 0);
  EXPECT_DOUBLE_EQ(between(model, broken, hops).moved, 0);
}

// Whoever plans has waited for them already.
TEST_F(NextHopsTest, ThatAreStillAwaitedDoNotAnswer) {
  broken[*model.pools[0].backends[0].address].pending = true;
  EXPECT_DOUBLE_EQ(between(model, hops, broken).dropped, 0.25);
}

TEST_F(NextHopsTest, CountWhenTheRingChangesToo) {
  const Model five = web(backends(5));
  NextHops lost = hops;
  lost[*five.pools[0].backends[4].address].problem = "no route to host";
  const Movement movement = between(five, hops, lost);
  const auto entries = exact_entries(five.pools[0]);
  const double share = entries[4] / static_cast<double>(ring_entries(5));
  EXPECT_DOUBLE_EQ(movement.dropped, share);
}

TEST(Movement, UnderAnotherSeedIsWhatIndependentDrawsGive) {
  const Model before = web(backends(4));
  Model after = web(backends(4));
  after.host.hash_seed += "2";
  EXPECT_NEAR(movement(before, after).moved, 0.75, 1e-9);
  EXPECT_DOUBLE_EQ(movement(before, after).dropped, 0);
  Model empty = web("");
  empty.host.hash_seed = after.host.hash_seed;
  EXPECT_DOUBLE_EQ(movement(before, empty).dropped, 1);
  EXPECT_DOUBLE_EQ(movement(before, empty).moved, 0);
}

TEST(Movement, OfARemovedServiceIsADrop) {
  const Model model = web(backends(2));
  const PlanSide side{&model, nullptr};
  EXPECT_DOUBLE_EQ(Movements(side, side).of(model.services[0], nullptr).dropped, 1);
}

double moved_by(const std::string& keys) {
  const Model before = web(backends(4));
  const Model after = model_of(lab_config(service("web", "web", 443, keys) + pool("web") + backends(4)));
  return plan_of(before, after).services.at(0).moved;
}

TEST(Movement, UnderAnotherHashModeIsWhatIndependentDrawsGive) {
  EXPECT_NEAR(moved_by("hash = \"source\"\n"), 0.75, 0.01);
  EXPECT_EQ(moved_by("hash = \"5-tuple\"\n"), 0);
  EXPECT_EQ(moved_by("flows = \"hash-only\"\n"), 0);
}

// The wider service has the same pool, and so the same ring.
TEST(Movement, OfARemovedServiceGoesToTheWiderOne) {
  const std::string wide =
      "[[service]]\nname = \"wide\"\nvip = \"192.0.2.0/24\"\nprotocol = \"tcp\"\nport = \"all\"\n"
      "forward = \"ipip\"\npool = \"web\"\n";
  const Model before = web(backends(4), wide);
  const Model after = model_of(lab_config(wide + pool("web") + backends(4)));
  const Plan plan = plan_of(before, after);
  ASSERT_EQ(plan.services.size(), 2u);
  EXPECT_EQ(plan.services[1].service, "web");
  EXPECT_EQ(plan.services[1].heir, "wide");
  EXPECT_EQ(plan.services[1].dropped, 0);
  EXPECT_EQ(plan.services[1].moved, 0);
}

std::string wide(const std::string& pool, const std::string& keys = "",
                 const std::string& vip = "192.0.2.0/24") {
  return "[[service]]\nname = \"wide\"\nvip = \"" + vip +
         "\"\nprotocol = \"tcp\"\nport = \"all\"\nforward = \"ipip\"\npool = \"" + pool + "\"\n" + keys;
}

Model two_pools(const std::string& services) {
  return model_of(lab_config(services + pool("web") + backends(4) + pool("other") + backends(4, 11)));
}

const ServiceMovement& movement_of(const Plan& plan, const std::string& service) {
  return *std::find_if(plan.services.begin(), plan.services.end(),
                       [&](const ServiceMovement& s) { return s.service == service; });
}

TEST(Movement, OfAnAddedServiceIsWhatItTakesFromAWiderOne) {
  const Model before = two_pools(wide("web"));
  const auto moved = [&](const std::string& added) {
    return movement_of(plan_of(before, two_pools(wide("web") + added)), "web").moved;
  };
  EXPECT_EQ(moved(service("web", "web")), 0);
  EXPECT_EQ(moved(service("web", "other")), 1);
  EXPECT_EQ(moved(service("web", "other", 443, "state = \"parked\"\n")), 0);
}

TEST(Movement, OfAnUnparkedServiceIsWhatItTakesFromAWiderOne) {
  const Model before = two_pools(wide("web") + service("web", "other", 443, "state = \"parked\"\n"));
  const Model after = two_pools(wide("web") + service("web", "other"));
  EXPECT_EQ(movement_of(plan_of(before, after), "web").moved, 1);
  EXPECT_EQ(movement_of(plan_of(after, before), "web").moved, 1) << "and back";
}

// A /25 with all ports takes one port's worth of half of a /24 that has only that port.
TEST(Movement, OfAnAddedServiceIsSeenWhereNoneCoversItWhole) {
  std::string one_port = wide("web");
  one_port.replace(one_port.find("\"all\""), 5, "443");
  std::string longer = wide("other", "", "192.0.2.0/25");
  longer.replace(longer.find("\"wide\""), 6, "\"web\"");
  EXPECT_EQ(movement_of(plan_of(two_pools(one_port), two_pools(one_port + longer)), "web").moved, 1);
}

TEST(Movement, CountsWhomTheHeirRefusesAsDropped) {
  const Model before = two_pools(wide("web", "deny = [\"0.0.0.0/2\"]\n") + service("web", "web"));
  const Model after = two_pools(wide("web", "deny = [\"0.0.0.0/2\"]\n"));
  EXPECT_DOUBLE_EQ(movement_of(plan_of(before, after), "web").dropped, 0.25);
}

TEST(Movement, CountsWhomANarrowerServiceRefusesAsDropped) {
  const Model after = two_pools(wide("web") + service("web", "web", 443, "allow = [\"128.0.0.0/1\"]\n"));
  EXPECT_DOUBLE_EQ(movement_of(plan_of(two_pools(wide("web")), after), "web").dropped, 0.5);
}

TEST(Movement, OfAServiceThatGetsWiderIsThatOfItsOwnPackets) {
  const Plan plan = plan_of(two_pools(wide("web", "", "192.0.2.0/28")), two_pools(wide("web")));
  ASSERT_EQ(plan.services.size(), 1u);
  EXPECT_TRUE(plan.services[0].serves_now);
  EXPECT_EQ(plan.services[0].moved, 0);
  ASSERT_EQ(plan.objects.size(), 1u);
  EXPECT_EQ(plan.objects[0].kind, ChangeKind::changed);
  const Plan narrower = plan_of(two_pools(wide("web")), two_pools(wide("web", "", "192.0.2.0/28")));
  EXPECT_EQ(narrower.services.size(), 2u);
  EXPECT_EQ(narrower.services[1].dropped, 1) << "nobody takes the rest";
}

}  // namespace
}  // namespace steadfast
