// SPDX-License-Identifier: Apache-2.0
// What a service says about its flows: what chooses their backend, whether they
// are remembered, when they end by themselves.
#include <set>

#include "compile/hash.h"
#include "datapath.h"

namespace steadfast {
namespace {

std::string service(const std::string& keys, const std::string& protocol = "tcp") {
  std::string text = "[[service]]\nname = \"web\"\nvip = \"192.0.2.10\"\nprotocol = \"" + protocol +
                     "\"\nport = \"all\"\nforward = \"ipip\"\npool = \"p\"\n" + keys +
                     "[[pool]]\nname = \"p\"\n";
  for (int i = 1; i <= 8; ++i)
    text += "[[pool.backend]]\nname = \"b" + std::to_string(i) + "\"\naddress = \"10.0.2." +
            std::to_string(i) + "\"\nweight = 1\n";
  return lab_config(text);
}

Packet packet(std::uint8_t host, std::uint16_t source_port, std::uint16_t port) {
  return syn(tcp(("203.0.113." + std::to_string(host)).c_str(), source_port, "192.0.2.10", port));
}

class Policies : public Datapath {
 protected:
  // How many backends see these packets when only one of the three varies.
  struct Spread {
    std::size_t hosts, source_ports, ports;
  };
  static Spread spread(Lab& lab) {
    std::set<std::string> hosts, source_ports, ports;
    for (std::uint16_t i = 1; i <= 60; ++i) {
      hosts.insert(lab.backend(lab.run(packet(static_cast<std::uint8_t>(i), 1000, 80))));
      source_ports.insert(lab.backend(lab.run(packet(7, static_cast<std::uint16_t>(1000 + i), 80))));
      ports.insert(lab.backend(lab.run(packet(7, 1000, static_cast<std::uint16_t>(80 + i)))));
    }
    return {hosts.size(), source_ports.size(), ports.size()};
  }
};

TEST_P(Policies, FiveTuple) {
  Lab lab(GetParam(), service(""));
  const Spread seen = spread(lab);
  EXPECT_GT(seen.hosts, 4u);
  EXPECT_GT(seen.source_ports, 4u);
  EXPECT_GT(seen.ports, 4u);
}

TEST_P(Policies, Source) {
  Lab lab(GetParam(), service("hash = \"source\"\n"));
  const Spread seen = spread(lab);
  EXPECT_GT(seen.hosts, 4u);
  EXPECT_EQ(seen.source_ports, 1u);
  EXPECT_EQ(seen.ports, 1u);
}

TEST_P(Policies, SourceAndPort) {
  Lab lab(GetParam(), service("hash = \"source+port\"\n"));
  const Spread seen = spread(lab);
  EXPECT_GT(seen.hosts, 4u);
  EXPECT_GT(seen.source_ports, 4u);
  EXPECT_EQ(seen.ports, 1u);
}

TEST_P(Policies, DestinationPort) {
  Lab lab(GetParam(), service("hash = \"destination-port\"\n"));
  const Spread seen = spread(lab);
  EXPECT_EQ(seen.hosts, 1u);
  EXPECT_EQ(seen.source_ports, 1u);
  EXPECT_GT(seen.ports, 4u);
}

// The control plane computes shares and test answers from the same function.
TEST_P(Policies, TheControlPlaneComputesTheSameEntry) {
  for (const char* mode : {"5-tuple", "source", "source+port", "destination-port"}) {
    Lab lab(GetParam(), service(std::string("hash = \"") + mode + "\"\n"));
    const sf_service& row = lab.tables().services[1];
    for (std::uint16_t i = 1; i <= 20; ++i) {
      const Packet p = packet(static_cast<std::uint8_t>(i), static_cast<std::uint16_t>(i * 77),
                              static_cast<std::uint16_t>(i * 31));
      const Answer answer = lab.run(p);
      EXPECT_EQ(ring_hash(lab.tables().slot, row.hash_mode, p) & row.ring_mask, answer.decision.ring_entry)
          << mode;
    }
  }
}

TEST_P(Policies, HashOnlyRemembersNothing) {
  Lab lab(GetParam(), service("flows = \"hash-only\"\n"));
  const Answer first = lab.run(packet(7, 1, 80)), second = lab.run(ack(packet(7, 1, 80)));
  EXPECT_EQ(first.decision.role, static_cast<std::uint32_t>(SF_ROLE_STATELESS));
  EXPECT_EQ(second.decision.role, static_cast<std::uint32_t>(SF_ROLE_STATELESS));
  EXPECT_EQ(lab.backend(first), lab.backend(second));
  for (const sf_bucket& bucket : lab.memory().flows)
    for (const __u64 word : bucket.way) ASSERT_EQ(word, 0u);
}

ON_BOTH_ENGINES(Policies);

// Seconds pass as the test says.
class Idle : public Datapath {};

TEST_P(Idle, AFlowSilentForLongerIsANewOne) {
  Lab lab(GetParam(), service("idle = \"30s\"\n", "udp"));
  lab.memory().selector->clock_s = 1000;
  const Packet p = udp(packet(7, 1, 53));
  EXPECT_EQ(lab.run(p).decision.role, static_cast<std::uint32_t>(SF_ROLE_NEW));
  lab.memory().selector->clock_s += 30 + SF_FLOW_TOUCH_S;
  EXPECT_EQ(lab.run(p).decision.role, static_cast<std::uint32_t>(SF_ROLE_HIT));
  lab.memory().selector->clock_s += 30 + SF_FLOW_TOUCH_S + 1;
  EXPECT_EQ(lab.run(p).decision.role, static_cast<std::uint32_t>(SF_ROLE_NEW));
  EXPECT_EQ(lab.run(p).decision.role, static_cast<std::uint32_t>(SF_ROLE_HIT)) << "and is remembered afresh";
}

TEST_P(Idle, ABusyFlowNeverEnds) {
  Lab lab(GetParam(), service("idle = \"16s\"\n", "udp"));
  const Packet p = udp(packet(7, 1, 53));
  lab.run(p);
  for (int i = 0; i < 100; ++i) {
    lab.memory().selector->clock_s += 1;
    EXPECT_EQ(lab.run(p).decision.role, static_cast<std::uint32_t>(SF_ROLE_HIT));
  }
}

TEST_P(Idle, ATcpFlowWithoutAnEndIsKept) {
  Lab lab(GetParam(), service(""));
  lab.run(packet(7, 1, 80));
  lab.memory().selector->clock_s += 40000;
  EXPECT_EQ(lab.run(ack(packet(7, 1, 80))).decision.role, static_cast<std::uint32_t>(SF_ROLE_HIT));
}

ON_ENGINE(Idle, host);

}  // namespace
}  // namespace steadfast
