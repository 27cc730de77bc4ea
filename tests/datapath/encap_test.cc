// SPDX-License-Identifier: Apache-2.0
// What leaves, byte for byte: every forwarding mode over every pair of families.
#include <algorithm>
#include <set>

#include "datapath.h"

namespace steadfast {
namespace {

constexpr std::size_t kEthernet = 14;

std::string one_service(const char* vip, const char* forward, const char* backend) {
  return std::string("[[service]]\nname = \"web\"\nvip = \"") + vip +
         "\"\nprotocol = \"tcp\"\nport = 80\nforward = \"" + forward +
         "\"\npool = \"web\"\n[[pool]]\nname = \"web\"\n[[pool.backend]]\nname = \"web-01\"\naddress = \"" +
         backend + "\"\nweight = 1\n";
}

Packet client_packet(const char* vip) {
  Packet packet = syn(tcp(ip(vip).is_v4() ? "203.0.113.7" : "2001:db8:c::7", 40000, vip));
  packet.tos = 0xb8;  // expedited forwarding: visible when it is not copied
  packet.payload_bytes = 101;
  return packet;
}

unsigned get16(const Frame& frame, std::size_t at) {
  return static_cast<unsigned>(frame[at] << 8 | frame[at + 1]);
}

Address address_at(const Frame& frame, std::size_t at, Family family) {
  Address address;
  address.family = family;
  std::copy_n(frame.begin() + static_cast<long>(at), family == Family::v4 ? 4 : 16, address.bytes.begin());
  return address;
}

class Encap : public Datapath {
 protected:
  // Sends one packet and returns what left; the inner packet must be untouched.
  Frame sent(Lab& lab, const char* vip, std::size_t outer_bytes) {
    const Frame in = build_frame(client_packet(vip));
    const Answer answer = lab.run(in);
    EXPECT_EQ(answer.decision.verdict, static_cast<std::uint32_t>(SF_FORWARDED));
    EXPECT_EQ(answer.frame.size(), in.size() + outer_bytes);
    const auto inner = answer.frame.begin() + static_cast<long>(kEthernet + outer_bytes);
    EXPECT_TRUE(std::equal(in.begin() + kEthernet, in.end(), inner, answer.frame.end()))
        << "the inner packet changed";
    EXPECT_EQ(Mac::parse("02:00:00:00:00:be")->bytes[5], answer.frame[5]);
    EXPECT_EQ(Mac::parse("02:00:00:00:00:1b")->bytes[5], answer.frame[11]);
    return answer.frame;
  }

  void expect_ipv4(const Frame& frame, std::uint8_t protocol, const char* backend, std::size_t inner_bytes) {
    EXPECT_EQ(get16(frame, 12), 0x0800u);
    EXPECT_EQ(frame[kEthernet], 0x45);
    EXPECT_EQ(frame[kEthernet + 1], 0xb8) << "traffic class is not copied";
    EXPECT_EQ(get16(frame, kEthernet + 2), inner_bytes);
    EXPECT_EQ(get16(frame, kEthernet + 6), 0x4000u);
    EXPECT_EQ(frame[kEthernet + 8], 64);
    EXPECT_EQ(frame[kEthernet + 9], protocol);
    EXPECT_EQ(internet_sum(&frame[kEthernet], 20), 0xffff) << "outer checksum";
    EXPECT_EQ(address_at(frame, kEthernet + 16, Family::v4), ip(backend));
  }

  void expect_ipv6(const Frame& frame, std::uint8_t next_header, const char* backend, std::size_t payload) {
    EXPECT_EQ(get16(frame, 12), 0x86ddu);
    EXPECT_EQ(get16(frame, kEthernet) & 0xfff0u, 0x6b80u) << "version and traffic class";
    EXPECT_EQ(get16(frame, kEthernet + 4), payload);
    EXPECT_EQ(frame[kEthernet + 6], next_header);
    EXPECT_EQ(frame[kEthernet + 7], 64);
    EXPECT_EQ(address_at(frame, kEthernet + 8, Family::v6), ip("2001:db8:ffff::1"));
    EXPECT_EQ(address_at(frame, kEthernet + 24, Family::v6), ip(backend));
  }

  void expect_gue(const Frame& frame, std::size_t at, std::size_t udp_bytes) {
    EXPECT_GE(get16(frame, at), 0xc000u) << "source port outside the dynamic range";
    EXPECT_EQ(get16(frame, at + 2), 6080u);
    EXPECT_EQ(get16(frame, at + 4), udp_bytes);
    EXPECT_EQ(get16(frame, at + 6), 0u);
  }
};

constexpr std::size_t kInner4 = 20 + 20 + 101;
constexpr std::size_t kInner6 = 40 + 20 + 101;

TEST_P(Encap, Ipv4InIpv4) {
  Lab lab(GetParam(), lab_config(one_service("192.0.2.10", "ipip", "10.0.2.11")));
  const Frame frame = sent(lab, "192.0.2.10", 20);
  expect_ipv4(frame, 4, "10.0.2.11", 20 + kInner4);
  EXPECT_EQ(address_at(frame, kEthernet + 12, Family::v4), ip("198.51.100.1"));
}

TEST_P(Encap, Ipv6InIpv6) {
  Lab lab(GetParam(), lab_config(one_service("2001:db8::10", "ipip", "2001:db8:2::11")));
  expect_ipv6(sent(lab, "2001:db8::10", 40), 41, "2001:db8:2::11", kInner6);
}

TEST_P(Encap, Ipv4InIpv6) {
  Lab lab(GetParam(), lab_config(one_service("192.0.2.10", "ipip", "2001:db8:2::11")));
  expect_ipv6(sent(lab, "192.0.2.10", 40), 4, "2001:db8:2::11", kInner4);
}

TEST_P(Encap, Ipv6InIpv4) {
  Lab lab(GetParam(), lab_config(one_service("2001:db8::10", "ipip", "10.0.2.11")));
  expect_ipv4(sent(lab, "2001:db8::10", 20), 41, "10.0.2.11", 20 + kInner6);
}

TEST_P(Encap, GueOverIpv4) {
  Lab lab(GetParam(), lab_config(one_service("192.0.2.10", "gue", "10.0.2.11")));
  const Frame frame = sent(lab, "192.0.2.10", 28);
  expect_ipv4(frame, 17, "10.0.2.11", 28 + kInner4);
  expect_gue(frame, kEthernet + 20, 8 + kInner4);
}

TEST_P(Encap, GueOverIpv6) {
  Lab lab(GetParam(), lab_config(one_service("192.0.2.10", "gue", "2001:db8:2::11")));
  const Frame frame = sent(lab, "192.0.2.10", 48);
  expect_ipv6(frame, 17, "2001:db8:2::11", 8 + kInner4);
  expect_gue(frame, kEthernet + 40, 8 + kInner4);
}

TEST_P(Encap, L2RewritesTheMacAddressesAndNothingElse) {
  Lab lab(GetParam(), lab_config(one_service("192.0.2.10", "l2", "10.0.2.11")));
  EXPECT_EQ(get16(sent(lab, "192.0.2.10", 0), 12), 0x0800u);
}

TEST_P(Encap, L2TowardsAGatewayIsNoNextHop) {
  Lab lab(GetParam(), lab_config(one_service("192.0.2.10", "l2", "10.0.2.11")));
  NextHops hops = hops_for(lab.model());
  for (auto& [address, hop] : hops) hop.on_link = false;
  lab.publish(lab.model(), hops);
  EXPECT_EQ(lab.run(client_packet("192.0.2.10")).decision.verdict,
            static_cast<std::uint32_t>(SF_NO_NEXT_HOP));
}

TEST_P(Encap, ASourcePrefixSpreadsTheOuterSourceAndKeepsTheChecksumRight) {
  Lab lab(GetParam(), lab_config(one_service("192.0.2.10", "ipip", "10.0.2.11"), "198.51.100.0/24"));
  std::set<Address> sources;
  for (std::uint16_t port = 1; port <= 64; ++port) {
    const Frame frame = lab.run(syn(tcp("203.0.113.7", port, "192.0.2.10"))).frame;
    EXPECT_EQ(internet_sum(&frame[kEthernet], 20), 0xffff);
    sources.insert(address_at(frame, kEthernet + 12, Family::v4));
  }
  EXPECT_GT(sources.size(), 32u) << "64 flows should use most of as many sources";
  for (const Address& source : sources) EXPECT_TRUE(Prefix::parse("198.51.100.0/24")->contains(source));
}

TEST_P(Encap, OneFlowKeepsItsEntropy) {
  Lab lab(GetParam(), lab_config(one_service("192.0.2.10", "gue", "10.0.2.11")));
  const Packet first = syn(tcp("203.0.113.7", 40000, "192.0.2.10"));
  const Frame a = lab.run(first).frame;
  const Frame b = lab.run(ack(tcp("203.0.113.7", 40000, "192.0.2.10"))).frame;
  EXPECT_EQ(get16(a, kEthernet + 20), get16(b, kEthernet + 20));
}

TEST_P(Encap, Ipv4OptionsTravelInside) {
  Lab lab(GetParam(), lab_config(one_service("192.0.2.10", "ipip", "10.0.2.11")));
  Frame frame = build_frame(syn(tcp("203.0.113.7", 40000, "192.0.2.10")));
  frame.insert(frame.begin() + kEthernet + 20, {1, 1, 1, 0});  // no-operation options
  frame[kEthernet] = 0x46;
  frame[kEthernet + 3] = static_cast<std::uint8_t>(frame[kEthernet + 3] + 4);
  const Answer answer = lab.run(frame);
  EXPECT_EQ(answer.decision.verdict, static_cast<std::uint32_t>(SF_FORWARDED));
  EXPECT_TRUE(std::equal(frame.begin() + kEthernet, frame.end(), answer.frame.begin() + kEthernet + 20));
}

TEST_P(Encap, TheLargestPacketThatFitsIsSent) {
  Lab lab(GetParam(), lab_config(one_service("192.0.2.10", "ipip", "10.0.2.11")));
  Packet packet = ack(tcp("203.0.113.7", 40000, "192.0.2.10"));
  packet.payload_bytes = 1500 - 20 - 40;
  EXPECT_EQ(lab.run(packet).decision.verdict, static_cast<std::uint32_t>(SF_FORWARDED));
  ++packet.payload_bytes;
  EXPECT_EQ(lab.run(packet).decision.verdict, static_cast<std::uint32_t>(SF_TOO_BIG_ANSWERED));
}

ON_BOTH_ENGINES(Encap);

}  // namespace
}  // namespace steadfast
