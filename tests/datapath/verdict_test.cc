// SPDX-License-Identifier: Apache-2.0
// Every verdict has a packet that produces it, and every packet is counted once.
#include <functional>
#include <map>
#include <set>

#include "datapath.h"
#include "support/frames.h"

namespace steadfast {
namespace {

using frames::kIpAt;

const std::string kBothFamilies = kTwoBackends + R"(
[[service]]
name = "web6"
vip = "2001:db8::10"
protocol = "tcp"
port = 80
forward = "ipip"
pool = "web"
)";

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

Packet with_payload(std::uint16_t bytes) {
  Packet packet = ack(tcp("203.0.113.7", 40000, "192.0.2.10"));
  packet.payload_bytes = bytes;
  return packet;
}

// What a backend sends to the client of web_frame().
Frame answer_frame() { return build_frame(frames::reply_to(with_payload(512))); }

std::vector<Case> cases() {
  return {
      {SF_FORWARDED, "a SYN to a service", [](Lab&) { return web_frame(); }},
      {SF_NOT_SERVICE, "another port of a VIP",
       [](Lab&) { return build_frame(syn(tcp("203.0.113.7", 40000, "192.0.2.10", 81))); }},
      {SF_NOT_SERVICE, "another protocol on a service's port",
       [](Lab&) { return build_frame(udp(tcp("203.0.113.7", 40000, "192.0.2.10", 80))); }},
      {SF_NOT_IP, "ARP", [](Lab&) { return with_byte(13, 0x06); }},
      {SF_NOT_IP, "three VLAN tags",
       [](Lab&) {
         return frames::tagged(web_frame(), {{0x88a8, 1}, {0x8100, 2}, {0x8100, 3}});
       }},
      {SF_NOT_TRANSPORT, "GRE to a VIP", [](Lab&) { return with_byte(kIpAt + 9, 47); }},
      {SF_NOT_TRANSPORT, "an echo reply to a VIP",
       [](Lab&) {
         Frame frame = frames::echo_request(ip("203.0.113.7"), ip("192.0.2.10"));
         frame[kIpAt + 20] = 0;
         return frame;
       }},
      {SF_LONG_CHAIN, "seven extension headers",
       [](Lab&) {
         Frame frame = web6_frame();
         for (int i = 0; i < 7; ++i) frame = frames::with_extension(frame, 60);
         return frame;
       }},
      {SF_FORWARDED, "a first fragment",
       [](Lab&) { return frames::fragment(build_frame(with_payload(64)), 0, 40, 7); }},
      {SF_FRAGMENT_ORPHAN, "a later fragment without its first one",
       [](Lab&) { return frames::fragment(build_frame(with_payload(64)), 40, 0, 7); }},
      {SF_FRAGMENT_FORWARDED, "a later fragment",
       [](Lab& lab) {
         lab.run(frames::fragment(build_frame(with_payload(64)), 0, 40, 7));
         return frames::fragment(build_frame(with_payload(64)), 40, 0, 7);
       }},
      {SF_ICMP_FORWARDED, "fragmentation needed",
       [](Lab&) { return frames::icmp_error(answer_frame(), ip("198.51.100.99"), {}); }},
      {SF_BAD_ICMP, "an error that quotes another's packet",
       [](Lab&) {
         Frame frame = frames::icmp_error(answer_frame(), ip("198.51.100.99"), {});
         frame[kIpAt + 28 + 15] ^= 1;  // its source
         return frame;
       }},
      {SF_BAD_ICMP, "an error that quotes less than the ports",
       [](Lab&) { return frames::icmp_error(answer_frame(), ip("198.51.100.99"), {.quoted = 22}); }},
      {SF_ECHO_ANSWERED, "a ping of a VIP",
       [](Lab&) { return frames::echo_request(ip("203.0.113.7"), ip("192.0.2.10")); }},
      {SF_ECHO_LIMITED, "one ping too many",
       [](Lab& lab) {
         for (sf_slot& slot : lab.memory().slots) slot.echo_limit = 0;
         return frames::echo_request(ip("203.0.113.7"), ip("192.0.2.10"));
       }},
      {SF_NOT_SERVICE, "a ping of another address",
       [](Lab&) { return frames::echo_request(ip("203.0.113.7"), ip("192.0.2.11")); }},
      {SF_SOURCE_DENIED, "a source on the deny list",
       [](Lab& lab) {
         lab.publish(
             lab_config(replaced(kBothFamilies, "port = 80\n", "port = 80\ndeny = [\"203.0.113.0/24\"]\n")));
         return web_frame();
       }},
      {SF_SOURCE_NOT_ALLOWED, "a source that is not on the allow list",
       [](Lab& lab) {
         lab.publish(
             lab_config(replaced(kBothFamilies, "port = 80\n", "port = 80\nallow = [\"198.18.0.0/15\"]\n")));
         return web_frame();
       }},
      {SF_NEW_FLOW_LIMITED, "a source's second flow in a second",
       [](Lab& lab) {
         lab.publish(
             lab_config(replaced(kBothFamilies, "port = 80\n", "port = 80\nnew_flows_per_source = 1\n")));
         begin_second(lab);
         lab.run(syn(tcp("203.0.113.7", 39999, "192.0.2.10")));
         return web_frame();
       }},
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
      {SF_TOO_BIG_ANSWERED, "1,490 bytes into a tunnel of 1,500",
       [](Lab&) { return build_frame(with_payload(1450)); }},
      {SF_TOO_BIG_LIMITED, "one answer too many",
       [](Lab& lab) {
         for (sf_slot& slot : lab.memory().slots) slot.too_big_limit = 0;
         return build_frame(with_payload(1450));
       }},
      {SF_TOO_BIG, "a later fragment of 1,490 bytes",
       [](Lab& lab) {
         const Frame whole = build_frame(with_payload(2000));
         lab.run(frames::fragment(whole, 0, 400, 7));
         return frames::fragment(whole, 400, 1472, 7);
       }},
      {SF_TABLE_ERROR, "a ring that names nobody",
       [](Lab& lab) {
         change_backends(lab, [](sf_backend& row) { row.state = SF_BACKEND_ABSENT; });
         return web_frame();
       }},
      {SF_TABLE_ERROR, "a ring that names a backend of another service",
       [](Lab& lab) {
         change_backends(lab, [](sf_backend& row) { ++row.service_id; });
         return web_frame();
       }},
      {SF_TABLE_ERROR, "an outer header of a size there is not",
       [](Lab& lab) {
         change_backends(lab, [](sf_backend& row) { row.outer_bytes = 21; });
         return web_frame();
       }},
  };
}

// NO_ROOM needs a driver without headroom; engines_test.cc makes one on the host.
const std::set<std::uint32_t> kProducedElsewhere = {SF_NO_ROOM};

class Verdicts : public Datapath {};

// A packet that goes on, or is turned into an answer.
bool leaves(sf_verdict verdict) {
  switch (verdict) {
#define X(symbol, value, action, kind, label, help) \
  case SF_##symbol:                                 \
    return SF_KIND_##kind == SF_KIND_FORWARDED || SF_KIND_##kind == SF_KIND_ANSWERED;
    SF_VERDICTS(X)
#undef X
    default:
      return false;
  }
}

Answer expect_counted_once(Lab& lab, const Frame& frame, sf_verdict verdict) {
  const std::uint64_t before = lab.all_packets();
  const std::uint32_t service = lab.dry(frame).decision.service;
  const std::uint64_t of_verdict = lab.packets(service, verdict);
  Answer answer = lab.run(frame);
  EXPECT_EQ(answer.decision.service, service);
  EXPECT_EQ(lab.packets(service, verdict), of_verdict + 1);
  EXPECT_EQ(lab.all_packets(), before + 1);
  return answer;
}

// One test for three statements: what takes long is to load the program for every case.
TEST_P(Verdicts, EachIsProducedAndCountedOnceAndADroppedFrameIsLeftAsItCame) {
  std::set<std::uint32_t> produced = kProducedElsewhere;
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.what);
    Lab lab(GetParam(), lab_config(kBothFamilies));
    const Frame frame = c.frame(lab);
    const Answer answer = expect_counted_once(lab, frame, c.verdict);
    EXPECT_EQ(answer.decision.verdict, static_cast<std::uint32_t>(c.verdict));
    if (!leaves(c.verdict)) EXPECT_EQ(answer.frame, frame);
    produced.insert(c.verdict);
  }
  for (std::uint32_t verdict = 0; verdict < SF_VERDICT_COUNT; ++verdict)
    EXPECT_TRUE(produced.contains(verdict)) << "nobody can produce verdict " << verdict;
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
