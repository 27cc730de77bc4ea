// SPDX-License-Identifier: Apache-2.0
// Services that are more than one address and one port: which one has a packet.
#include "datapath.h"
#include "support/frames.h"

namespace steadfast {
namespace {

struct Said {
  const char *name, *vip, *port;
};

std::string services(const std::vector<Said>& said) {
  std::string text;
  for (const Said& s : said)
    text += std::string("[[service]]\nname = \"") + s.name + "\"\nvip = \"" + s.vip +
            "\"\nprotocol = \"tcp\"\nport = " + s.port + "\nforward = \"ipip\"\npool = \"p\"\n";
  text += "[[pool]]\nname = \"p\"\n";
  for (int i = 1; i <= 2; ++i)
    text += "[[pool.backend]]\nname = \"b" + std::to_string(i) + "\"\naddress = \"10.0.2." +
            std::to_string(i) + "\"\nweight = 1\n";
  return lab_config(text);
}

class Precedence : public Datapath {
 protected:
  static std::string owner(Lab& lab, const char* vip, std::uint16_t port) {
    const Answer answer =
        lab.run(syn(tcp(ip(vip).is_v4() ? "203.0.113.7" : "2001:db8:c::7", 40000, vip, port)));
    const std::uint32_t id = answer.decision.service;
    if (id == 0) return "";
    EXPECT_EQ(answer.decision.verdict, static_cast<std::uint32_t>(SF_FORWARDED));
    return lab.model().services[lab.tables().service_origin[id].service].name;
  }
};

TEST_P(Precedence, TheLongestPrefixThenTheNarrowestPorts) {
  Lab lab(GetParam(), services({{"net", "192.0.2.0/24", "\"all\""},
                                {"net-web", "192.0.2.0/24", "80"},
                                {"half", "192.0.2.0/25", "\"1000-1999\""},
                                {"host", "192.0.2.10", "\"all\""},
                                {"host-range", "192.0.2.10", "\"1500-1600\""},
                                {"host-web", "192.0.2.10", "443"},
                                {"six", "2001:db8::/64", "\"all\""}}));
  EXPECT_EQ(owner(lab, "192.0.2.200", 9), "net");
  EXPECT_EQ(owner(lab, "192.0.2.200", 80), "net-web");
  EXPECT_EQ(owner(lab, "192.0.2.20", 1500), "half");
  EXPECT_EQ(owner(lab, "192.0.2.20", 2000), "net") << "the longest prefix has no service for the port";
  EXPECT_EQ(owner(lab, "192.0.2.200", 1500), "net");
  EXPECT_EQ(owner(lab, "192.0.2.10", 80), "host") << "the address outweighs the narrower port";
  EXPECT_EQ(owner(lab, "192.0.2.10", 1499), "host");
  EXPECT_EQ(owner(lab, "192.0.2.10", 1500), "host-range");
  EXPECT_EQ(owner(lab, "192.0.2.10", 1600), "host-range");
  EXPECT_EQ(owner(lab, "192.0.2.10", 1601), "host");
  EXPECT_EQ(owner(lab, "192.0.2.10", 443), "host-web");
  EXPECT_EQ(owner(lab, "192.0.3.0", 80), "");
  EXPECT_EQ(owner(lab, "192.0.1.255", 80), "");
  EXPECT_EQ(owner(lab, "2001:db8::ffff", 1), "six");
  EXPECT_EQ(owner(lab, "2001:db8:0:1::", 1), "");
}

TEST_P(Precedence, PortZeroBelongsToNobody) {
  Lab lab(GetParam(), services({{"host", "192.0.2.10", "\"all\""}}));
  EXPECT_EQ(owner(lab, "192.0.2.10", 0), "");
  EXPECT_EQ(owner(lab, "192.0.2.10", 65535), "host");
}

TEST_P(Precedence, AFlowOfAWideServiceIsRemembered) {
  Lab lab(GetParam(), services({{"net", "192.0.2.0/24", "\"1000-1999\""}}));
  const Packet packet = syn(tcp("203.0.113.7", 5, "192.0.2.77", 1234));
  const Answer first = lab.run(packet), second = lab.run(packet);
  EXPECT_EQ(first.decision.role, static_cast<std::uint32_t>(SF_ROLE_NEW));
  EXPECT_EQ(second.decision.role, static_cast<std::uint32_t>(SF_ROLE_HIT));
  EXPECT_EQ(second.decision.backend, first.decision.backend);
}

// A flow belongs to the service that has its packets now.
TEST_P(Precedence, AFlowLeavesAServiceThatANarrowerOneTakesItFrom) {
  Lab lab(GetParam(), services({{"net", "192.0.2.0/24", "\"all\""}}));
  const Packet packet = ack(tcp("203.0.113.7", 5, "192.0.2.77", 1234));
  lab.run(packet);
  lab.publish(services({{"net", "192.0.2.0/24", "\"all\""}, {"host", "192.0.2.77", "1234"}}));
  const Answer answer = lab.run(packet);
  EXPECT_EQ(answer.decision.role, static_cast<std::uint32_t>(SF_ROLE_MIDFLOW));
  EXPECT_EQ(lab.model().services[lab.tables().service_origin[answer.decision.service].service].name, "host");
}

TEST_P(Precedence, APrefixAnswersPingsAndLeadsFragments) {
  Lab lab(GetParam(), services({{"net", "192.0.2.0/24", "\"all\""}}));
  EXPECT_EQ(lab.run(frames::echo_request(ip("203.0.113.7"), ip("192.0.2.250"))).decision.verdict,
            static_cast<std::uint32_t>(SF_ECHO_ANSWERED));
  EXPECT_EQ(lab.run(frames::echo_request(ip("203.0.113.7"), ip("192.0.3.1"))).decision.verdict,
            static_cast<std::uint32_t>(SF_NOT_SERVICE));
  Packet packet = ack(tcp("203.0.113.7", 5, "192.0.2.77", 1234));
  packet.payload_bytes = 900;
  const Frame whole = build_frame(packet);
  const Answer first = lab.run(frames::fragment(whole, 0, 400, 1)),
               later = lab.run(frames::fragment(whole, 400, 0, 1));
  EXPECT_EQ(later.decision.verdict, static_cast<std::uint32_t>(SF_FRAGMENT_FORWARDED));
  EXPECT_EQ(later.decision.backend, first.decision.backend);
  const Answer error =
      lab.run(frames::icmp_error(build_frame(frames::reply_to(packet)), ip("198.51.100.9"), {}));
  EXPECT_EQ(error.decision.verdict, static_cast<std::uint32_t>(SF_ICMP_FORWARDED));
  EXPECT_EQ(error.decision.backend, first.decision.backend);
}

ON_BOTH_ENGINES(Precedence);

}  // namespace
}  // namespace steadfast
