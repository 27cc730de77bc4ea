// SPDX-License-Identifier: Apache-2.0
// Later fragments follow their first one, whatever the family and the protocol.
#include "datapath.h"
#include "support/frames.h"

namespace steadfast {
namespace {

using frames::fragment;

const std::string kServices = R"(
[[service]]
name = "dns4"
vip = "192.0.2.10"
protocol = "udp"
port = 53
forward = "ipip"
pool = "dns"
[[service]]
name = "dns6"
vip = "2001:db8::10"
protocol = "udp"
port = 53
forward = "ipip"
pool = "dns6"
[[service]]
name = "web4"
vip = "192.0.2.10"
protocol = "tcp"
port = 80
forward = "gue"
pool = "dns"
)";

std::string pools() {
  std::string text = kServices + "[[pool]]\nname = \"dns\"\n";
  for (int i = 1; i <= 8; ++i)
    text += "[[pool.backend]]\nname = \"v4-" + std::to_string(i) + "\"\naddress = \"10.0.2." +
            std::to_string(i) + "\"\nweight = 1\n";
  text += "[[pool]]\nname = \"dns6\"\n";
  for (int i = 1; i <= 8; ++i)
    text += "[[pool.backend]]\nname = \"v6-" + std::to_string(i) +
            "\"\naddress = \"2001:db8:2::" + std::to_string(i) + "\"\nweight = 1\n";
  return text;
}

Packet datagram(std::uint16_t port, bool ipv6 = false) {
  Packet packet =
      udp(tcp(ipv6 ? "2001:db8:c::7" : "203.0.113.7", port, ipv6 ? "2001:db8::10" : "192.0.2.10", 53));
  packet.payload_bytes = 3000;
  return packet;
}

class Fragments : public Datapath {
 protected:
  static std::uint32_t verdict(const Answer& answer) { return answer.decision.verdict; }
  Lab lab_{GetParam(), lab_config(pools())};
};

TEST_P(Fragments, FollowTheFirstToItsBackend) {
  for (const bool ipv6 : {false, true})
    for (std::uint16_t port = 1; port <= 40; ++port) {
      const Frame whole = build_frame(datagram(port, ipv6));
      const Answer first = lab_.run(fragment(whole, 0, 1000, port));
      ASSERT_EQ(verdict(first), SF_FORWARDED);
      for (const std::size_t at : {1000u, 2000u}) {
        const Frame piece = fragment(whole, at, at == 2000 ? 0 : 1000, port);
        const Answer later = lab_.run(piece);
        ASSERT_EQ(verdict(later), SF_FRAGMENT_FORWARDED) << "ipv6 " << ipv6 << " port " << port;
        EXPECT_EQ(lab_.backend(later), lab_.backend(first));
        EXPECT_EQ(later.decision.role, static_cast<std::uint32_t>(SF_ROLE_FRAGMENT));
        const std::size_t outer = ipv6 ? 40 : 20;
        ASSERT_EQ(later.frame.size(), piece.size() + outer);
        EXPECT_TRUE(
            std::equal(piece.begin() + 14, piece.end(), later.frame.begin() + static_cast<long>(14 + outer)));
      }
    }
}

TEST_P(Fragments, OfAnotherDatagramAreOrphans) {
  const Frame whole = build_frame(datagram(1));
  lab_.run(fragment(whole, 0, 1000, 7));
  EXPECT_EQ(verdict(lab_.run(fragment(whole, 1000, 0, 8))), SF_FRAGMENT_ORPHAN);
  Packet other = datagram(1);
  other.source = ip("203.0.113.8");
  EXPECT_EQ(verdict(lab_.run(fragment(build_frame(other), 1000, 0, 7))), SF_FRAGMENT_ORPHAN);
  Packet tcp_twin = other;
  tcp_twin.protocol = 6;
  tcp_twin.source = ip("203.0.113.7");
  EXPECT_EQ(verdict(lab_.run(fragment(build_frame(tcp_twin), 1000, 0, 7))), SF_FRAGMENT_ORPHAN);
}

TEST_P(Fragments, ForAddressesThatAreNoVipPass) {
  Packet packet = datagram(1);
  packet.destination = ip("192.0.2.99");
  EXPECT_EQ(verdict(lab_.run(fragment(build_frame(packet), 1000, 0, 7))), SF_NOT_SERVICE);
}

// What the kernel got the beginning of, it gets the rest of, also at a VIP's address.
TEST_P(Fragments, FollowTheFirstToTheKernel) {
  Packet packet = datagram(1);
  packet.destination_port = 54;
  const Frame whole = build_frame(packet);
  EXPECT_EQ(verdict(lab_.run(fragment(whole, 0, 1000, 7))), SF_NOT_SERVICE);
  const Answer later = lab_.run(fragment(whole, 1000, 1000, 7));
  EXPECT_EQ(verdict(later), SF_NOT_SERVICE);
  EXPECT_EQ(later.decision.service, 0u);
  EXPECT_EQ(verdict(lab_.run(fragment(whole, 1000, 1000, 8))), SF_FRAGMENT_ORPHAN);
}

// RFC 1858: ports in the second fragment are an attack on filters; the host's own
// packets are its own business.
TEST_P(Fragments, TooSmallForTheirPortsAreDroppedOnlyAtVips) {
  for (const bool is_udp : {false, true}) {
    Packet packet = ack(tcp("203.0.113.7", 9, "192.0.2.10", 80));
    if (is_udp) packet = udp(packet);
    packet.payload_bytes = 64;
    EXPECT_EQ(verdict(lab_.run(fragment(build_frame(packet), 0, is_udp ? 0 : 8, 3))),
              is_udp ? SF_NOT_SERVICE : SF_BAD_TRANSPORT);
    packet.destination = ip("192.0.2.99");
    Frame tiny = fragment(build_frame(packet), 0, 8, 3);
    tiny.resize(60);
    EXPECT_EQ(verdict(lab_.run(tiny)), SF_NOT_SERVICE);
  }
}

TEST_P(Fragments, AFirstOneThatIsNotForwardedLeavesOrphans) {
  lab_.publish(lab_.model(), {});
  const Frame whole = build_frame(datagram(1));
  EXPECT_EQ(verdict(lab_.run(fragment(whole, 0, 1000, 7))), SF_NO_NEXT_HOP);
  EXPECT_EQ(verdict(lab_.run(fragment(whole, 1000, 0, 7))), SF_FRAGMENT_ORPHAN);
}

// RFC 6946: a fragment header around a whole packet.
TEST_P(Fragments, AtomicOnesAreWholePackets) {
  Packet packet = datagram(1, true);
  packet.payload_bytes = 100;
  const Answer answer = lab_.run(fragment(build_frame(packet), 0, 0, 7));
  EXPECT_EQ(verdict(answer), SF_FORWARDED);
  EXPECT_EQ(lab_.backend(answer), lab_.backend(lab_.run(packet)));
}

TEST_P(Fragments, OfTcpFollowToo) {
  Packet packet = ack(tcp("203.0.113.7", 9, "192.0.2.10", 80));
  packet.payload_bytes = 1000;
  const Frame whole = build_frame(packet);
  const Answer first = lab_.run(fragment(whole, 0, 512, 3));
  EXPECT_EQ(verdict(first), SF_FORWARDED);
  const Answer later = lab_.run(fragment(whole, 512, 0, 3));
  EXPECT_EQ(verdict(later), SF_FRAGMENT_FORWARDED);
  EXPECT_EQ(later.decision.backend, first.decision.backend);
}

TEST_P(Fragments, OfARemovedBackendAreOrphans) {
  const Frame whole = build_frame(datagram(1));
  const std::string backend = lab_.backend(lab_.run(fragment(whole, 0, 1000, 7)));
  std::string without = lab_config(pools());
  const auto at = without.find("[[pool.backend]]\nname = \"" + backend + "\"");
  ASSERT_NE(at, std::string::npos);
  without.erase(at, without.find("weight = 1\n", at) + 11 - at);
  lab_.publish(without);
  EXPECT_EQ(verdict(lab_.run(fragment(whole, 1000, 0, 7))), SF_FRAGMENT_ORPHAN);
}

// Many more trains than the table holds: the youngest are there.
TEST_P(Fragments, DisplaceTheOldest) {
  constexpr std::uint32_t kTrains = 5000, kYoung = 80;
  const Frame whole = build_frame(datagram(1));
  for (std::uint32_t id = 0; id < kTrains; ++id) lab_.run(fragment(whole, 0, 1000, id));
  unsigned found = 0;
  for (std::uint32_t id = kTrains - kYoung; id < kTrains; ++id)
    found += verdict(lab_.dry(fragment(whole, 1000, 1000, id))) == SF_FRAGMENT_FORWARDED;
  EXPECT_EQ(found, kYoung);
}

class FragmentAges : public Datapath {};

TEST_P(FragmentAges, AMemoryOlderThanReassemblyIsNone) {
  Lab lab(GetParam(), lab_config(pools()));
  lab.memory().selector->clock_s = 1000;
  const Frame whole = build_frame(datagram(1));
  lab.run(fragment(whole, 0, 1000, 7));
  lab.memory().selector->clock_s += SF_FRAGMENT_S;
  EXPECT_EQ(lab.run(fragment(whole, 1000, 1000, 7)).decision.verdict,
            static_cast<std::uint32_t>(SF_FRAGMENT_FORWARDED));
  lab.memory().selector->clock_s += 1;
  EXPECT_EQ(lab.run(fragment(whole, 2000, 0, 7)).decision.verdict,
            static_cast<std::uint32_t>(SF_FRAGMENT_ORPHAN));
}

ON_BOTH_ENGINES(Fragments);
ON_ENGINE(FragmentAges, host);

}  // namespace
}  // namespace steadfast
