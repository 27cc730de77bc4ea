// SPDX-License-Identifier: Apache-2.0
#include "compile/tables.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "support/lab.h"

namespace steadfast {
namespace {

const std::string kShared = R"(
[[service]]
name = "web"
vip = "192.0.2.10"
protocol = "tcp"
port = 80
forward = "ipip"
pool = "web"
[[service]]
name = "web-tls"
vip = "192.0.2.10"
protocol = "tcp"
port = 443
forward = "ipip"
pool = "web"
[[service]]
name = "later"
vip = "192.0.2.11"
protocol = "tcp"
port = 80
forward = "ipip"
pool = "web"
state = "parked"
[[pool]]
name = "web"
[[pool.backend]]
name = "web-01"
address = "10.0.2.11"
weight = 100
[[pool.backend]]
name = "web-02"
address = "10.0.2.12"
weight = 100
state = "disabled"
[[pool.backend]]
name = "web-03"
address = "10.0.2.13"
weight = 100
state = "drain"
)";

Tables compiled(const std::string& toml) {
  const Model model = model_of(lab_config(toml));
  Identities identities(model.limits);
  auto tables = compile(model, 1, identities, hops_for(model));
  EXPECT_TRUE(tables);
  return std::move(*tables);
}

template <typename Row>
bool same_bytes(const std::vector<Row>& a, const std::vector<Row>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(Row)) == 0;
}

TEST(Tables, TheSameFileGivesTheSameBytes) {
  const Tables a = compiled(kShared);
  const Tables b = compiled(kShared);
  EXPECT_TRUE(same_bytes(a.services, b.services));
  EXPECT_TRUE(same_bytes(a.backends, b.backends));
  EXPECT_TRUE(same_bytes(a.index, b.index));
  EXPECT_EQ(std::memcmp(&a.slot, &b.slot, sizeof a.slot), 0);
  for (std::size_t i = 0; i < a.rings.size(); ++i) EXPECT_EQ(a.rings[i].backends, b.rings[i].backends);
}

TEST(Tables, APoolUsedTwiceHasTwoRowsPerBackend) {
  const Tables tables = compiled(kShared);
  EXPECT_EQ(tables.slot.service_count, 2u);
  EXPECT_EQ(tables.slot.backend_count, 4u) << "two services, two backends that are not disabled";
}

TEST(Tables, ADrainedBackendHasARowButNoRingEntry) {
  const Tables tables = compiled(kShared);
  for (const TableRing& ring : tables.rings)
    for (const std::uint16_t id : ring.backends) EXPECT_EQ(tables.backends[id].state, SF_BACKEND_ACTIVE);
  unsigned drained = 0;
  for (const sf_backend& row : tables.backends) drained += row.state == SF_BACKEND_DRAIN;
  EXPECT_EQ(drained, 2u);
}

TEST(Tables, AParkedServiceHasNoRow) {
  for (const sf_service& row : compiled(kShared).services)
    EXPECT_NE(row.key.addr[0], *reinterpret_cast<const __be32*>(Address::parse("192.0.2.11")->bytes.data()));
}

TEST(Tables, TheDigestIgnoresNamesAndSeesWeights) {
  const auto digest_of = [](std::string toml) { return digest(model_of(lab_config(toml))); };
  std::string renamed = kShared, heavier = kShared;
  renamed.replace(renamed.find("\"web-01\""), 8, "\"web-99\"");
  heavier.replace(heavier.find("weight = 100"), 12, "weight = 101");
  EXPECT_EQ(digest_of(kShared), digest_of(renamed));
  EXPECT_NE(digest_of(kShared), digest_of(heavier));
}

TEST(Capacity, FollowsTheLimits) {
  const Limits limits{{1000}, {10000}, {4000000}};
  const sf_capacity capacity = capacity_for(limits, 2);
  EXPECT_EQ(capacity.services, 1001u);
  EXPECT_EQ(capacity.backends, 10001u);
  EXPECT_EQ(capacity.index_buckets, 2048u) << "two words per service";
  EXPECT_EQ(capacity.flow_buckets, 620000u);
}

TEST(Capacity, TenMillionFlowsFitAHundredMegabytes) {
  const sf_capacity capacity = capacity_for({{1}, {1}, {10000000}}, 1);
  EXPECT_LE(std::uint64_t{capacity.flow_buckets} * sizeof(sf_bucket), 100000000u);
}

NextHops over_bond(const Model& model, std::uint32_t members) {
  NextHops hops = hops_for(model);
  for (auto& [address, hop] : hops) {
    hop.ifindex = 7;
    for (std::uint32_t i = 0; i < members; ++i) hop.members.push_back(100 + i);
  }
  return hops;
}

Tables compiled(const Model& model, const NextHops& hops) {
  Identities identities(model.limits);
  auto tables = compile(model, 1, identities, hops);
  EXPECT_TRUE(tables) << tables.error().what;
  return tables ? std::move(*tables) : Tables{};
}

bool leaves(const Tables& tables) {
  return std::any_of(tables.backends.begin(), tables.backends.end(),
                     [](const sf_backend& row) { return (row.ethernet[12] | row.ethernet[13]) != 0; });
}

// What comes in on the one interface leaves by it: nobody asks for its members.
TEST(Tables, OnlyBondsThatPacketsAreRedirectedToHaveMembers) {
  Model model = model_of(lab_config(kShared));
  const Tables alone = compiled(model, over_bond(model, 2));
  EXPECT_TRUE(leaves(alone));
  EXPECT_EQ(alone.slot.members[0].ifindex, 0u);
  model.host.interfaces.push_back({"eth1", {}});
  EXPECT_EQ(compiled(model, over_bond(model, 2)).slot.members[1].ifindex, 101u);
}

TEST(Tables, ABondOfTooManyMembersLosesItsNextHopsAndNothingElse) {
  Model model = model_of(lab_config(kShared));
  EXPECT_TRUE(leaves(compiled(model, over_bond(model, SF_MEMBERS + 1))));
  model.host.interfaces.push_back({"eth1", {}});
  EXPECT_TRUE(leaves(compiled(model, over_bond(model, SF_MEMBERS))));
  const Tables crowded = compiled(model, over_bond(model, SF_MEMBERS + 1));
  EXPECT_EQ(crowded.slot.backend_count, 4u);
  EXPECT_FALSE(leaves(crowded));
  EXPECT_EQ(crowded.slot.members[0].ifindex, 0u);
}

}  // namespace
}  // namespace steadfast
