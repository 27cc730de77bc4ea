// SPDX-License-Identifier: Apache-2.0
// Every verdict has a packet that produces it, and every packet is counted once.
#include <functional>
#include <map>
#include <set>

#include "datapath.h"

namespace steadfast {
namespace {

constexpr std::size_t kIpAt = 14;

struct Case {
  sf_verdict verdict;
  std::string what;
  std::function<Frame(Lab&)> frame;  // prepares the lab
};

Frame web_frame() { return build_frame(syn(tcp("203.0.113.7", 40000, "192.0.2.10"))); }
Frame web6_frame() {
  Frame frame = build_frame(syn(tcp("2001:db8:c::7", 40000, "2001:db8::10")));
  return frame;
}

// The frame with one byte changed and its IPv4 header checksum left alone: the
// program does not verify it, the backend's kernel does.
Frame with_byte(std::size_t at, std::uint8_t value, Frame frame = web_frame()) {
  frame[at] = value;
  return frame;
}

Frame cut_to(std::size_t bytes, Frame frame = web_frame()) {
  frame.resize(bytes);
  return frame;
}

void change_backends(Lab& lab, const std::function<void(sf_backend&)>& change) {
  for (sf_backend& row : lab.memory().backends)
    if (row.state != SF_BACKEND_ABSENT) change(row);
}

std::vector<Case> cases() {
  return {
      {SF_FORWARDED, "a SYN to a service", [](Lab&) { return web_frame(); }},
      {SF_NOT_SERVICE, "another port of a VIP",
       [](Lab&) { return build_frame(syn(tcp("203.0.113.7", 40000, "192.0.2.10", 81))); }},
      {SF_NOT_SERVICE, "another protocol on a service's port",
       [](Lab&) { return build_frame(udp(tcp("203.0.113.7", 40000, "192.0.2.10", 80))); }},
      {SF_NOT_IP, "ARP", [](Lab&) { return with_byte(13, 0x06); }},
      {SF_NOT_TRANSPORT, "ICMP to a VIP", [](Lab&) { return with_byte(kIpAt + 9, 1); }},
      {SF_NOT_TRANSPORT, "ICMPv6 to a VIP", [](Lab&) { return with_byte(kIpAt + 6, 58, web6_frame()); }},
      {SF_FRAGMENT, "a first fragment", [](Lab&) { return with_byte(kIpAt + 6, 0x20); }},
      {SF_FRAGMENT, "a later fragment", [](Lab&) { return with_byte(kIpAt + 7, 0x10); }},
      {SF_FRAGMENT, "an IPv6 fragment header", [](Lab&) { return with_byte(kIpAt + 6, 44, web6_frame()); }},
      {SF_NO_GENERATION, "no slot is live",
       [](Lab& lab) {
         Selector(*lab.memory().selector).clear();
         return web_frame();
       }},
      {SF_TRUNCATED, "half an IPv4 header", [](Lab&) { return cut_to(kIpAt + 10); }},
      {SF_TRUNCATED, "half an IPv6 header", [](Lab&) { return cut_to(kIpAt + 30, web6_frame()); }},
      {SF_TRUNCATED, "half a TCP header",
       [](Lab&) {
         Frame frame = web_frame();
         frame[kIpAt + 3] = 30;  // total length agrees with the frame
         return cut_to(kIpAt + 30, frame);
       }},
      {SF_BAD_IP_HEADER, "version 5", [](Lab&) { return with_byte(kIpAt, 0x55); }},
      {SF_BAD_IP_HEADER, "a header of 16 bytes", [](Lab&) { return with_byte(kIpAt, 0x44); }},
      {SF_BAD_IP_HEADER, "a total length beyond the frame", [](Lab&) { return with_byte(kIpAt + 2, 1); }},
      {SF_BAD_IP_HEADER, "a total length below the header", [](Lab&) { return with_byte(kIpAt + 3, 19); }},
      {SF_BAD_IP_HEADER, "IPv6 that says version 4",
       [](Lab&) { return with_byte(kIpAt, 0x40, web6_frame()); }},
      {SF_BAD_IP_HEADER, "an IPv6 payload beyond the frame",
       [](Lab&) { return with_byte(kIpAt + 4, 1, web6_frame()); }},
      {SF_BAD_TRANSPORT, "a TCP header of 16 bytes", [](Lab&) { return with_byte(kIpAt + 32, 0x40); }},
      {SF_BAD_TRANSPORT, "a TCP header beyond the packet", [](Lab&) { return with_byte(kIpAt + 32, 0x60); }},
      {SF_BAD_TRANSPORT, "a UDP length of 7",
       [](Lab&) {
         return with_byte(kIpAt + 25, 7, build_frame(udp(tcp("203.0.113.7", 40000, "192.0.2.10", 53))));
       }},
      {SF_NO_BACKEND, "every backend drained",
       [](Lab& lab) {
         for (sf_service& row : lab.memory().services) row.active = 0;
         return web_frame();
       }},
      {SF_NO_NEXT_HOP, "an unresolved next hop",
       [](Lab& lab) {
         lab.publish(lab.model(), {});
         return web_frame();
       }},
      {SF_TOO_BIG, "1,490 bytes into a tunnel of 1,500",
       [](Lab& lab) {
         Packet packet = ack(tcp("203.0.113.7", 40000, "192.0.2.10"));
         packet.payload_bytes = 1450;
         change_backends(lab, [](sf_backend& row) { row.mtu = 1500; });
         return build_frame(packet);
       }},
      {SF_TABLE_ERROR, "a ring that names nobody",
       [](Lab& lab) {
         change_backends(lab, [](sf_backend& row) { row.state = SF_BACKEND_ABSENT; });
         return web_frame();
       }},
      {SF_TABLE_ERROR, "a ring that names a backend of another service",
       [](Lab& lab) {
         change_backends(lab, [](sf_backend& row) { row.service.port = 0; });
         return web_frame();
       }},
      {SF_TABLE_ERROR, "an outer header of a size there is not",
       [](Lab& lab) {
         change_backends(lab, [](sf_backend& row) { row.outer_bytes = 21; });
         return web_frame();
       }},
  };
}

const std::string kBothFamilies = kTwoBackends + R"(
[[service]]
name = "web6"
vip = "2001:db8::10"
protocol = "tcp"
port = 80
forward = "ipip"
pool = "web"
)";

// NO_ROOM needs a driver without headroom; engines_test.cc makes one on the host.
const std::set<std::uint32_t> kProducedElsewhere = {SF_NO_ROOM};

class Verdicts : public Datapath {};

TEST_P(Verdicts, EachHasAPacketThatProducesIt) {
  std::set<std::uint32_t> produced = kProducedElsewhere;
  for (const Case& c : cases()) {
    Lab lab(GetParam(), lab_config(kBothFamilies));
    EXPECT_EQ(lab.run(c.frame(lab)).decision.verdict, static_cast<std::uint32_t>(c.verdict)) << c.what;
    produced.insert(c.verdict);
  }
  for (std::uint32_t verdict = 0; verdict < SF_VERDICT_COUNT; ++verdict)
    EXPECT_TRUE(produced.contains(verdict)) << "nobody can produce verdict " << verdict;
}

TEST_P(Verdicts, AreCountedOnceUnderTheirService) {
  for (const Case& c : cases()) {
    Lab lab(GetParam(), lab_config(kBothFamilies));
    const Answer answer = lab.run(c.frame(lab));
    EXPECT_EQ(lab.packets(answer.decision.service, c.verdict), 1u) << c.what;
    EXPECT_EQ(lab.all_packets(), 1u) << c.what;
  }
}

TEST_P(Verdicts, ThatDoNotForwardLeaveTheFrameAsItCame) {
  for (const Case& c : cases()) {
    if (c.verdict == SF_FORWARDED) continue;
    Lab lab(GetParam(), lab_config(kBothFamilies));
    const Frame frame = c.frame(lab);
    EXPECT_EQ(lab.run(frame).frame, frame) << c.what;
  }
}

TEST_P(Verdicts, CountBytesAsReceived) {
  Lab lab(GetParam(), lab_config(kBothFamilies));
  Frame padded = web_frame();
  padded.resize(padded.size() + 6);
  const Answer answer = lab.run(padded);
  EXPECT_EQ(answer.decision.verdict, static_cast<std::uint32_t>(SF_FORWARDED));
  EXPECT_EQ(lab.backend_count(lab.backend(answer)).bytes, padded.size());
}

// An IPv6 address whose first bytes equal an IPv4 VIP is not that VIP.
TEST_P(Verdicts, KeepTheFamiliesApart) {
  Lab lab(GetParam(), lab_config(kTwoBackends));
  const Answer answer = lab.run(syn(tcp("2001:db8:c::7", 40000, "c000:20a::")));
  EXPECT_EQ(answer.decision.verdict, static_cast<std::uint32_t>(SF_NOT_SERVICE));
}

ON_BOTH_ENGINES(Verdicts);

}  // namespace
}  // namespace steadfast
