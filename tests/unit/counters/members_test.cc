// SPDX-License-Identifier: Apache-2.0
// What health is told once a second: the handshakes and the flows of every backend,
// over all services of its pool.
#include "counters/members.h"

#include <gtest/gtest.h>

#include "support/lab.h"

namespace steadfast {
namespace {

std::string two_services() {
  const auto service = [](const char* name, const char* protocol) {
    return std::string("[[service]]\nname = \"") + name + "\"\nvip = \"192.0.2.10\"\nprotocol = \"" +
           protocol + "\"\nport = 80\nforward = \"ipip\"\npool = \"web\"\n";
  };
  return lab_config(service("web", "tcp") + service("quic", "udp") +
                    "[[pool]]\nname = \"web\"\n[[pool.backend]]\nname = \"web-01\"\naddress = \"10.0.2.11\"\n"
                    "weight = 100\n");
}

Packet packet(std::uint8_t protocol) {
  Packet made;
  made.source = *Address::parse("203.0.113.7");
  made.destination = *Address::parse("192.0.2.10");
  made.source_port = 1000;
  made.destination_port = 80;
  made.protocol = protocol;
  made.syn = protocol == 6;
  return made;
}

std::vector<MemberCounts> counted(Lab& lab, bool with_flows) {
  const Running running{1, lab.model(), lab.tables(), hops_for(lab.model()), {}};
  const auto flows = flows_left(lab.memory());
  return count_members(read_counters(lab.memory()), running, with_flows ? &flows : nullptr);
}

TEST(Members, HandshakesAreThoseOfTcpAlone) {
  Lab lab(Engine::host, two_services());
  lab.run(packet(6));
  lab.run(packet(17));
  const auto counts = counted(lab, false);
  ASSERT_EQ(counts.size(), 1u);
  EXPECT_EQ(counts[0].handshakes.tries, 1u);
  EXPECT_EQ(counts[0].handshakes.established, 0u);
  EXPECT_FALSE(counts[0].flows);
}

TEST(Members, ASecondSynIsAnotherTryAndAThirdIsNone) {
  Lab lab(Engine::host, two_services());
  for (int i = 0; i < 3; ++i) lab.run(packet(6));
  EXPECT_EQ(counted(lab, false)[0].handshakes.tries, 2u);
}

TEST(Members, FlowsAreThoseOfAllServicesWhenAskedFor) {
  Lab lab(Engine::host, two_services());
  lab.run(packet(6));
  lab.run(packet(17));
  EXPECT_EQ(counted(lab, true)[0].flows->flows, 2u);
}

}  // namespace
}  // namespace steadfast
