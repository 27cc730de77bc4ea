// SPDX-License-Identifier: Apache-2.0
// The flow table: who is remembered, who is displaced, who is counted.
#include <map>
#include <random>

#include "datapath.h"

namespace steadfast {
namespace {

const std::string kService = R"(
[[service]]
name = "web"
vip = "192.0.2.10"
protocol = "tcp"
port = 80
forward = "ipip"
pool = "web"
)";

// One pool of these backends ("name address weight state").
std::string pool_of(const std::vector<std::tuple<std::string, std::string, int, std::string>>& backends) {
  std::string toml = kService + "[[pool]]\nname = \"web\"\n";
  for (const auto& [name, address, weight, state] : backends)
    toml += "[[pool.backend]]\nname = \"" + name + "\"\naddress = \"" + address +
            "\"\nweight = " + std::to_string(weight) + "\nstate = \"" + state + "\"\n";
  return lab_config(toml);
}

std::string numbered_pool(int backends) {
  std::vector<std::tuple<std::string, std::string, int, std::string>> all;
  for (int i = 1; i <= backends; ++i)
    all.emplace_back("web-" + std::to_string(i), "10.0.2." + std::to_string(i), 100, "active");
  return pool_of(all);
}

Packet client(std::uint16_t port) { return tcp("203.0.113.7", port, "192.0.2.10"); }

std::uint32_t role(const Answer& answer) { return answer.decision.role; }

class Flows : public Datapath {};

TEST_P(Flows, AFlowStaysWithItsBackend) {
  Lab lab(GetParam(), numbered_pool(8));
  const std::string chosen = lab.backend(lab.run(syn(client(1))));
  const Answer second = lab.run(ack(client(1)));
  EXPECT_EQ(role(second), static_cast<std::uint32_t>(SF_ROLE_HIT));
  EXPECT_EQ(lab.backend(second), chosen);
}

TEST_P(Flows, AHandshakeIsCountedOnce) {
  Lab lab(GetParam(), numbered_pool(1));
  lab.run(syn(client(1)));
  lab.run(ack(client(1)));
  lab.run(ack(client(1)));
  const auto count = lab.backend_count("web-1");
  EXPECT_EQ(count.new_flows, 1u);
  EXPECT_EQ(count.established, 1u);
  EXPECT_EQ(count.syn_retransmissions, 0u);
  EXPECT_EQ(count.packets, 3u);
}

TEST_P(Flows, ARepeatedSynIsARetransmission) {
  Lab lab(GetParam(), numbered_pool(1));
  for (int i = 0; i < 3; ++i) lab.run(syn(client(1)));
  EXPECT_EQ(lab.backend_count("web-1").syn_retransmissions, 2u);
  EXPECT_EQ(lab.backend_count("web-1").retried, 1u);
  EXPECT_EQ(lab.backend_count("web-1").new_flows, 1u);
  EXPECT_EQ(lab.backend_count("web-1").established, 0u);
}

TEST_P(Flows, AHandshakeCompletesAfterARepeatedSynToo) {
  Lab lab(GetParam(), numbered_pool(1));
  lab.run(syn(client(1)));
  lab.run(syn(client(1)));
  for (int i = 0; i < 2; ++i) lab.run(ack(client(1)));
  EXPECT_EQ(lab.backend_count("web-1").established, 1u);
  EXPECT_EQ(lab.backend_count("web-1").retried, 1u);
}

TEST_P(Flows, AFlowFirstSeenInTheMiddleIsCountedAsSuchAndNeverAsAHandshake) {
  Lab lab(GetParam(), numbered_pool(1));
  EXPECT_EQ(role(lab.run(ack(client(1)))), static_cast<std::uint32_t>(SF_ROLE_MIDFLOW));
  lab.run(ack(client(1)));
  EXPECT_EQ(lab.backend_count("web-1").midflow, 1u);
  EXPECT_EQ(lab.backend_count("web-1").new_flows, 0u);
  EXPECT_EQ(lab.backend_count("web-1").established, 0u);
}

TEST_P(Flows, UdpFlowsAreRememberedButHaveNoHandshake) {
  Lab lab(GetParam(), lab_config(kTwoBackends));
  const Packet query = udp(tcp("203.0.113.7", 5353, "192.0.2.10", 53));
  EXPECT_EQ(role(lab.run(query)), static_cast<std::uint32_t>(SF_ROLE_NEW));
  EXPECT_EQ(role(lab.run(query)), static_cast<std::uint32_t>(SF_ROLE_HIT));
  EXPECT_EQ(lab.backend_count("dns-01").new_flows, 1u);
  EXPECT_EQ(lab.backend_count("dns-01").established, 0u);
}

// A SYN that is repeated after the ring has changed must not move: the server
// that answered the first one holds the half-open connection.
TEST_P(Flows, ARetransmittedSynStaysWhenTheRingChanges) {
  Lab lab(GetParam(), numbered_pool(2));
  std::map<std::uint16_t, std::string> chosen;
  for (std::uint16_t port = 1; port <= 200; ++port) chosen[port] = lab.backend(lab.run(syn(client(port))));
  lab.publish(numbered_pool(8));
  for (const auto& [port, backend] : chosen) EXPECT_EQ(lab.backend(lab.run(syn(client(port)))), backend);
}

TEST_P(Flows, ASynAfterTheEndOfAFlowChoosesAgain) {
  Lab lab(GetParam(), numbered_pool(1));
  lab.run(syn(client(1)));
  lab.run(fin(client(1)));
  const Answer again = lab.run(syn(client(1)));
  EXPECT_EQ(role(again), static_cast<std::uint32_t>(SF_ROLE_NEW));
  EXPECT_EQ(lab.backend_count("web-1").new_flows, 2u);
}

// A forged SYN must not tear a live connection from its backend.
TEST_P(Flows, ASynDoesNotMoveAnEstablishedFlow) {
  Lab lab(GetParam(), numbered_pool(2));
  lab.run(syn(client(1)));
  const std::string chosen = lab.backend(lab.run(ack(client(1))));
  lab.publish(numbered_pool(8));
  EXPECT_EQ(lab.backend(lab.run(syn(client(1)))), chosen);
}

TEST_P(Flows, ADrainedBackendKeepsItsFlowsAndGetsNoNewOnes) {
  Lab lab(GetParam(), pool_of({{"a", "10.0.2.1", 100, "active"}, {"b", "10.0.2.2", 100, "active"}}));
  std::map<std::uint16_t, std::string> chosen;
  for (std::uint16_t port = 1; port <= 100; ++port) chosen[port] = lab.backend(lab.run(syn(client(port))));
  lab.publish(pool_of({{"a", "10.0.2.1", 100, "drain"}, {"b", "10.0.2.2", 100, "active"}}));
  for (const auto& [port, backend] : chosen) EXPECT_EQ(lab.backend(lab.run(ack(client(port)))), backend);
  for (std::uint16_t port = 1001; port <= 1100; ++port)
    EXPECT_EQ(lab.backend(lab.run(syn(client(port)))), "b");
}

TEST_P(Flows, ARemovedBackendLosesItsFlowsToTheOthers) {
  Lab lab(GetParam(), pool_of({{"a", "10.0.2.1", 100, "active"}, {"b", "10.0.2.2", 100, "active"}}));
  for (std::uint16_t port = 1; port <= 100; ++port) lab.run(syn(client(port)));
  lab.publish(pool_of({{"b", "10.0.2.2", 100, "active"}}));
  for (std::uint16_t port = 1; port <= 100; ++port) EXPECT_EQ(lab.backend(lab.run(ack(client(port)))), "b");
}

// A number that flows still name is not handed to a different server.
TEST_P(Flows, ARecycledBackendNumberNeverGetsOldFlows) {
  Lab lab(GetParam(), pool_of({{"a", "10.0.2.1", 100, "active"}, {"b", "10.0.2.2", 100, "active"}}));
  const std::uint32_t old_a = lab.identities().backends.ids().begin()->second;
  for (std::uint16_t port = 1; port <= 100; ++port) lab.run(syn(client(port)));
  lab.publish(pool_of({{"b", "10.0.2.2", 100, "active"}}));
  lab.publish(pool_of({{"c", "10.0.2.3", 100, "active"}, {"b", "10.0.2.2", 100, "active"}}));
  for (const auto& [identity, id] : lab.identities().backends.ids()) {
    if (identity.address != ip("10.0.2.3")) continue;
    EXPECT_NE(id, old_a);
  }
}

// What a collision of tags, or a hand in the flow table, can do: nothing beyond
// the service that the packet is for.
TEST_P(Flows, AWordThatNamesABackendOfAnotherServiceIsNotBelieved) {
  Lab lab(GetParam(), lab_config(kTwoBackends));
  const Answer first = lab.run(syn(client(1)));
  const auto dns = static_cast<std::uint32_t>(lab.tables().backend_origin.size() - 1);
  ASSERT_EQ(lab.tables().backends[dns].protocol, 17);
  for (sf_bucket& bucket : lab.memory().flows)
    for (__u64& way : bucket.way)
      if (way != 0)
        way = (way & ~(0xffffull << SF_FLOW_BACKEND_SHIFT)) | std::uint64_t{dns} << SF_FLOW_BACKEND_SHIFT;
  const Answer second = lab.run(ack(client(1)));
  EXPECT_EQ(role(second), static_cast<std::uint32_t>(SF_ROLE_MIDFLOW));
  EXPECT_EQ(lab.backend(second), lab.backend(first));
}

TEST_P(Flows, AnAbsentRowIsNotBelievedWhateverElseItHolds) {
  Lab lab(GetParam(), numbered_pool(1));
  lab.run(syn(client(1)));
  for (sf_backend& row : lab.memory().backends) row.state = SF_BACKEND_ABSENT;
  EXPECT_EQ(lab.run(ack(client(1))).decision.verdict, static_cast<std::uint32_t>(SF_TABLE_ERROR));
}

TEST_P(Flows, ForgettingRemovedBackendsLeavesTheOthersAlone) {
  Lab lab(GetParam(), pool_of({{"a", "10.0.2.1", 100, "active"}, {"b", "10.0.2.2", 100, "active"}}));
  std::map<std::uint16_t, std::string> chosen;
  for (std::uint16_t port = 1; port <= 100; ++port) chosen[port] = lab.backend(lab.run(syn(client(port))));
  lab.publish(pool_of({{"b", "10.0.2.2", 100, "active"}}));
  ASSERT_TRUE(lab.publisher().forget_flows(lab.identities().backends.quarantined()));
  for (const auto& [port, backend] : chosen) {
    const auto expected = backend == "b" ? SF_ROLE_HIT : SF_ROLE_MIDFLOW;
    EXPECT_EQ(role(lab.run(ack(client(port)))), static_cast<std::uint32_t>(expected));
  }
}

// In full buckets flows stand in ways that were not their first choice; what is
// forgotten in front of them must not hide them.
TEST_P(Flows, ForgettingInAFullTableHidesNoOtherFlow) {
  const std::string both = pool_of({{"a", "10.0.2.1", 100, "active"}, {"b", "10.0.2.2", 100, "active"}});
  Lab lab(GetParam(), replaced(both, "\"4K\"", "64"));
  std::map<std::uint16_t, std::string> kept;
  for (std::uint16_t port = 1; port <= 60; ++port) lab.run(syn(client(port)));
  for (std::uint16_t port = 1; port <= 60; ++port) {
    const Answer answer = lab.run(ack(client(port)));
    if (role(answer) == static_cast<std::uint32_t>(SF_ROLE_HIT)) kept[port] = lab.backend(answer);
  }
  lab.publish(replaced(pool_of({{"b", "10.0.2.2", 100, "active"}}), "\"4K\"", "64"));
  ASSERT_TRUE(lab.publisher().forget_flows(lab.identities().backends.quarantined()));
  std::erase_if(kept, [](const auto& flow) { return flow.second != "b"; });
  for (const auto& [port, backend] : kept)
    EXPECT_EQ(role(lab.run(ack(client(port)))), static_cast<std::uint32_t>(SF_ROLE_HIT)) << port;
}

TEST_P(Flows, EstablishedFlowsKeepTheirBackendThroughRandomPoolChanges) {
  std::mt19937 random(20260101);
  Lab lab(GetParam(), numbered_pool(16));
  std::map<std::uint16_t, std::string> chosen;
  for (std::uint16_t port = 1; port <= 500; ++port) {
    lab.run(syn(client(port)));
    const Answer answer = lab.run(ack(client(port)));
    if (answer.decision.role == SF_ROLE_HIT) chosen[port] = lab.backend(answer);
  }
  ASSERT_EQ(chosen.size(), 500u);
  for (int change = 0; change < 100; ++change) {
    std::vector<std::tuple<std::string, std::string, int, std::string>> backends;
    for (int i = 1; i <= 16; ++i)
      backends.emplace_back("web-" + std::to_string(i), "10.0.2." + std::to_string(i),
                            static_cast<int>(1 + random() % 300), random() % 4 == 0 ? "drain" : "active");
    for (int i = 17; i <= 17 + static_cast<int>(random() % 8); ++i)
      backends.emplace_back("web-" + std::to_string(i), "10.0.2." + std::to_string(i), 100, "active");
    std::shuffle(backends.begin(), backends.end(), random);
    lab.publish(pool_of(backends));
    for (const auto& [port, backend] : chosen)
      ASSERT_EQ(lab.backend(lab.run(ack(client(port)))), backend) << change;
  }
}

std::string small_table() {
  std::string toml = numbered_pool(4);
  return toml.replace(toml.find("\"4K\""), 4, "64");
}

// A flood of SYNs ten times the size of the table.
TEST_P(Flows, ASynFloodDisplacesOnlyHalfOpenFlows) {
  Lab lab(GetParam(), small_table());
  std::map<std::uint16_t, std::string> established;
  for (std::uint16_t port = 1; port <= 40; ++port) {
    lab.run(syn(client(port)));
    const Answer answer = lab.run(ack(client(port)));
    if (role(answer) == SF_ROLE_HIT) established[port] = lab.backend(answer);
  }
  ASSERT_GT(established.size(), 30u);
  for (std::uint32_t i = 0; i < 800; ++i)
    lab.run(syn(tcp("198.51.100.66", static_cast<std::uint16_t>(1000 + i), "192.0.2.10")));
  for (const auto& [port, backend] : established) {
    const Answer answer = lab.run(ack(client(port)));
    EXPECT_EQ(role(answer), static_cast<std::uint32_t>(SF_ROLE_HIT)) << port;
    EXPECT_EQ(lab.backend(answer), backend);
  }
}

TEST_P(Flows, AFlowWithoutRoomFollowsTheRingAndIsCountedUntracked) {
  Lab lab(GetParam(), small_table());
  for (std::uint16_t port = 1; port <= 400; ++port) {
    lab.run(syn(client(port)));
    lab.run(ack(client(port)));
  }
  std::uint64_t untracked = 0;
  for (int i = 1; i <= 4; ++i) untracked += lab.backend_count("web-" + std::to_string(i)).untracked;
  EXPECT_GT(untracked, 0u);
  const Answer first = lab.run(ack(client(400)));
  EXPECT_EQ(first.decision.verdict, static_cast<std::uint32_t>(SF_FORWARDED));
  EXPECT_EQ(lab.backend(lab.run(ack(client(400)))), lab.backend(first));
}

// In the kernel a timer writes the clock; on the host engine the test does.
class FlowAges : public Datapath {};

TEST_P(FlowAges, AnIdleFlowGivesWayWhenItsBucketIsFull) {
  Lab lab(GetParam(), small_table());
  lab.memory().selector->clock_s = 1000;
  for (std::uint16_t port = 1; port <= 400; ++port) {
    lab.run(syn(client(port)));
    lab.run(ack(client(port)));
  }
  const Packet late = syn(tcp("198.51.100.66", 1, "192.0.2.10"));
  std::uint16_t refused = 0;
  for (std::uint16_t port = 1; port <= 50; ++port) {
    Packet packet = late;
    packet.source_port = port;
    refused += lab.run(packet).decision.role == SF_ROLE_UNTRACKED;
  }
  EXPECT_GT(refused, 0);
  lab.memory().selector->clock_s += SF_FLOW_IDLE_S + SF_FLOW_TOUCH_S + 1;
  for (std::uint16_t port = 101; port <= 150; ++port) {
    Packet packet = late;
    packet.source_port = port;
    EXPECT_EQ(lab.run(packet).decision.role, static_cast<std::uint32_t>(SF_ROLE_NEW));
  }
}

TEST_P(Flows, TheDryTwinNeitherRemembersNorCounts) {
  Lab lab(GetParam(), numbered_pool(4));
  const Frame frame = build_frame(syn(client(1)));
  const Answer dry = lab.dry(frame);
  EXPECT_EQ(role(dry), static_cast<std::uint32_t>(SF_ROLE_NEW));
  EXPECT_EQ(lab.all_packets(), 0u);
  EXPECT_EQ(role(lab.dry(frame)), static_cast<std::uint32_t>(SF_ROLE_NEW));
  const Answer live = lab.run(frame);
  EXPECT_EQ(lab.backend(live), lab.backend(dry));
  EXPECT_EQ(live.frame, dry.frame);
}

ON_BOTH_ENGINES(Flows);
ON_ENGINE(FlowAges, host);

}  // namespace
}  // namespace steadfast
