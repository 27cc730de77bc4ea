// SPDX-License-Identifier: Apache-2.0
// ICMP errors reach the backend whose packet they quote.
#include <netinet/in.h>

#include "datapath.h"
#include "support/frames.h"

namespace steadfast {
namespace {

using frames::icmp_error;
using frames::reply_to;

std::string both_families() {
  std::string text;
  for (const char* family : {"4", "6"})
    for (const char* protocol : {"tcp", "udp"})
      text += "[[service]]\nname = \"" + std::string(protocol) + family + "\"\nvip = \"" +
              (family[0] == '4' ? "192.0.2.10" : "2001:db8::10") + "\"\nprotocol = \"" + protocol +
              "\"\nport = 80\nforward = \"ipip\"\npool = \"p" + family + "\"\n";
  for (const char* family : {"4", "6"}) {
    text += std::string("[[pool]]\nname = \"p") + family + "\"\n";
    for (int i = 1; i <= 8; ++i)
      text += "[[pool.backend]]\nname = \"v" + std::string(family) + "-" + std::to_string(i) +
              "\"\naddress = \"" + (family[0] == '4' ? "10.0.2." : "2001:db8:2::") + std::to_string(i) +
              "\"\nweight = 1\n";
  }
  return lab_config(text);
}

Packet client(std::uint16_t port, bool ipv6, bool is_udp) {
  Packet packet =
      ack(tcp(ipv6 ? "2001:db8:c::7" : "203.0.113.7", port, ipv6 ? "2001:db8::10" : "192.0.2.10"));
  packet.payload_bytes = 600;
  return is_udp ? udp(packet) : packet;
}

Address router(bool ipv6) { return ip(ipv6 ? "2001:db8:99::1" : "198.51.100.99"); }

class Icmp : public Datapath {
 protected:
  static std::uint32_t verdict(const Answer& answer) { return answer.decision.verdict; }
  Lab lab_{GetParam(), both_families()};
};

TEST_P(Icmp, ErrorsFollowTheFlowTheyQuote) {
  const std::vector<std::uint8_t> types4{3, 11, 12}, types6{1, 2, 3, 4};
  for (const bool ipv6 : {false, true})
    for (const bool is_udp : {false, true})
      for (const std::uint8_t type : ipv6 ? types6 : types4)
        for (std::uint16_t port = 1; port <= 12; ++port) {
          const Packet packet = client(port, ipv6, is_udp);
          const Answer flow = lab_.run(packet);
          const Frame error = icmp_error(build_frame(reply_to(packet)), router(ipv6),
                                         {.type = type, .quoted = ipv6 ? 48u : 28u});
          const Answer answer = lab_.run(error);
          ASSERT_EQ(verdict(answer), SF_ICMP_FORWARDED) << "type " << int{type};
          EXPECT_EQ(lab_.backend(answer), lab_.backend(flow));
          EXPECT_EQ(answer.decision.service, flow.decision.service);
          const std::size_t outer = ipv6 ? 40 : 20;
          ASSERT_EQ(answer.frame.size(), error.size() + outer);
          EXPECT_TRUE(std::equal(error.begin() + 14, error.end(),
                                 answer.frame.begin() + static_cast<long>(14 + outer)));
        }
}

// The memory decides, not the ring: a flow that was kept on a draining backend.
TEST_P(Icmp, ErrorsFollowAFlowThatTheRingWouldSendElsewhere) {
  const Packet packet = client(1, false, false);
  const std::string backend = lab_.backend(lab_.run(packet));
  lab_.publish(replaced(both_families(), "name = \"" + backend + "\"",
                        "name = \"" + backend + "\"\nstate = \"drain\""));
  const Answer answer = lab_.run(icmp_error(build_frame(reply_to(packet)), router(false), {}));
  EXPECT_EQ(verdict(answer), SF_ICMP_FORWARDED);
  EXPECT_EQ(lab_.backend(answer), backend);
}

TEST_P(Icmp, ErrorsOfUnknownFlowsGoWhereTheRingSays) {
  const Packet packet = client(77, false, false);
  const Answer answer = lab_.run(icmp_error(build_frame(reply_to(packet)), router(false), {}));
  EXPECT_EQ(verdict(answer), SF_ICMP_FORWARDED);
  EXPECT_EQ(lab_.backend(answer), lab_.backend(lab_.run(packet)));
}

TEST_P(Icmp, ErrorsAreNotRemembered) {
  const Packet packet = client(78, false, false);
  lab_.run(icmp_error(build_frame(reply_to(packet)), router(false), {}));
  EXPECT_EQ(lab_.run(packet).decision.role, static_cast<std::uint32_t>(SF_ROLE_MIDFLOW));
}

TEST_P(Icmp, QuotesMayHaveOptionsAndFragmentHeaders) {
  const Packet v4 = client(5, false, false);
  const std::string of_v4 = lab_.backend(lab_.run(v4));
  const Frame with_options = frames::with_ipv4_options(build_frame(reply_to(v4)), 8);
  const Answer first = lab_.run(icmp_error(with_options, router(false), {.quoted = 36}));
  EXPECT_EQ(verdict(first), SF_ICMP_FORWARDED);
  EXPECT_EQ(lab_.backend(first), of_v4);

  const Packet v6 = client(5, true, true);
  const std::string of_v6 = lab_.backend(lab_.run(v6));
  const Frame first_fragment = frames::fragment(build_frame(reply_to(v6)), 0, 400, 9);
  const Answer second =
      lab_.run(icmp_error(first_fragment, router(true), {.type = 2, .code = 0, .quoted = 100}));
  EXPECT_EQ(verdict(second), SF_ICMP_FORWARDED);
  EXPECT_EQ(lab_.backend(second), of_v6);
}

TEST_P(Icmp, ErrorsWithoutPortsOrForOthersAreBad) {
  const Frame sent = build_frame(reply_to(client(1, false, false)));
  EXPECT_EQ(verdict(lab_.run(icmp_error(sent, router(false), {.quoted = 24}))), SF_BAD_ICMP);
  const Frame later = frames::fragment(sent, 400, 0, 9);
  EXPECT_EQ(verdict(lab_.run(icmp_error(later, router(false), {.quoted = 100}))), SF_BAD_ICMP);
  Packet no_service = client(1, false, false);
  no_service.destination_port = 81;
  EXPECT_EQ(verdict(lab_.run(icmp_error(build_frame(reply_to(no_service)), router(false), {}))),
            SF_NOT_SERVICE)
      << "a socket of the host's own at the VIP";
}

TEST_P(Icmp, ErrorsToOthersPass) {
  Packet foreign = client(1, false, false);
  foreign.destination = ip("192.0.2.99");
  const Frame error = icmp_error(build_frame(reply_to(foreign)), router(false), {});
  const Answer answer = lab_.run(error);
  EXPECT_EQ(verdict(answer), SF_NOT_SERVICE);
  EXPECT_EQ(answer.frame, error);
}

TEST_P(Icmp, ErrorsReachTheBackendBehindATagAndExtensionHeaders) {
  const Packet packet = client(6, true, false);
  const std::string backend = lab_.backend(lab_.run(packet));
  Frame error = icmp_error(build_frame(reply_to(packet)), router(true), {.type = 2, .code = 0, .quoted = 80});
  error = frames::tagged(frames::with_extension(error, IPPROTO_HOPOPTS), {{0x8100, 7}});
  const Answer answer = lab_.run(error);
  EXPECT_EQ(verdict(answer), SF_ICMP_FORWARDED);
  EXPECT_EQ(lab_.backend(answer), backend);
}

ON_BOTH_ENGINES(Icmp);

}  // namespace
}  // namespace steadfast
