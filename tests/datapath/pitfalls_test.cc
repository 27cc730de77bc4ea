// SPDX-License-Identifier: Apache-2.0
// Mistakes of the field's packet paths, each reproduced there; one test per
// mistake, in the order of the list, named after what is not done here. What a
// line has in depth stands in the test of its part.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <memory>

#include "bpf/decap.h"
#include "datapath.h"
#include "support/frames.h"
#include "xdp_decap.skel.h"

namespace steadfast {
namespace {

std::string service(const std::string& keys, int backends = 8) {
  std::string text =
      "[[service]]\nname = \"s\"\nvip = \"192.0.2.10\"\npool = \"p\"\n" + keys + "[[pool]]\nname = \"p\"\n";
  for (int i = 1; i <= backends; ++i)
    text += "[[pool.backend]]\nname = \"b" + std::to_string(i) + "\"\naddress = \"10.0.2." +
            std::to_string(i) + "\"\nweight = 1\nserver_id = " + std::to_string(i) + "\n";
  return lab_config(text);
}

const std::string kTcp = "protocol = \"tcp\"\nport = 80\nforward = \"ipip\"\n";
const std::string kGue = "protocol = \"udp\"\nport = 53\nforward = \"gue\"\n";

Packet client(std::uint16_t port) { return tcp("203.0.113.7", port, "192.0.2.10"); }

std::uint32_t verdict(const Answer& answer) { return answer.decision.verdict; }
std::uint32_t role(const Answer& answer) { return answer.decision.role; }

class Pitfalls : public Datapath {};

// 1. A key emptied before the insert: no packet of the service is ever a hit.
TEST_P(Pitfalls, AServiceHashedByItsPortDoesNotForgetItsFlows) {
  Lab lab(GetParam(), service(kTcp + "hash = \"destination-port\"\n"));
  const Answer first = lab.run(syn(client(1))), second = lab.run(ack(client(1)));
  EXPECT_EQ(role(first), static_cast<std::uint32_t>(SF_ROLE_NEW));
  EXPECT_EQ(role(second), static_cast<std::uint32_t>(SF_ROLE_HIT));
  EXPECT_EQ(lab.backend_count(lab.backend(first)).new_flows, 1u);
}

// 2. A limiter of new connections per core.
TEST_P(Pitfalls, AFloodOfOneServiceDoesNotStopTheMemoryOfAnother) {
  Lab lab(GetParam(),
          lab_config(replaced(kTwoBackends, "port = 80\n", "port = 80\nnew_flows_per_source = 1\n")));
  for (std::uint16_t port = 1; port <= 3000; ++port) lab.run(syn(client(port)));
  Packet other = udp(tcp("203.0.113.7", 9, "192.0.2.10", 53));
  EXPECT_EQ(role(lab.run(other)), static_cast<std::uint32_t>(SF_ROLE_NEW));
  EXPECT_EQ(role(lab.run(other)), static_cast<std::uint32_t>(SF_ROLE_HIT));
}

// 3. Remembered, but as expired.
TEST_P(Pitfalls, AFlowFoundByItsConnectionIdIsNotExpired) {
  Lab lab(GetParam(), service("protocol = \"udp\"\nport = 443\nforward = \"ipip\"\n"
                              "quic = { server_id_bytes = 1 }\n"));
  for (std::uint8_t server = 1; server <= 8; ++server) {
    Packet packet = udp(tcp("203.0.113.7", server, "192.0.2.10", 443));
    packet.payload_bytes = 40;
    Frame with_id = build_frame(packet);
    with_id[42] = 0x40;
    with_id[43] = 0x07;
    with_id[44] = server;
    const Answer first = lab.run(with_id), next = lab.run(packet);
    EXPECT_EQ(lab.backend(first), "b" + std::to_string(server));
    EXPECT_EQ(lab.backend(next), lab.backend(first));
    EXPECT_EQ(role(next), static_cast<std::uint32_t>(SF_ROLE_HIT));
  }
}

// 4. Removed, and its number given to another at once.
TEST_P(Pitfalls, ARemovedBackendDoesNotKeepItsFlowsNorDoesItsNumberMoveThem) {
  Lab lab(GetParam(), service(kTcp, 1));
  lab.run(syn(client(1)));
  const Answer before = lab.run(ack(client(1)));
  const std::string after = replaced(service(kTcp, 1), "10.0.2.1\"", "10.0.2.99\"");
  lab.publish(after);
  const Answer now = lab.run(ack(client(1)));
  EXPECT_NE(now.decision.backend, before.decision.backend) << "the number rests while a flow may name it";
  EXPECT_NE(role(now), static_cast<std::uint32_t>(SF_ROLE_HIT));
}

// 5. Entry by entry, under live traffic (FlipsUnderTraffic sends it).
TEST_P(Pitfalls, ARingIsNotRewrittenInPlace) {
  Lab lab(GetParam(), service(kTcp, 2));
  const auto row = [&](std::uint32_t slot) {
    return lab.memory().services[slot * lab.memory().capacity.services + 1];
  };
  const std::uint32_t slot = live_slot(lab.memory());
  const sf_service old_row = row(slot);
  const sf_ring_line old_line = lab.memory().rings[old_row.ring_line];
  lab.publish(replaced(service(kTcp, 2), "10.0.2.1\"", "10.0.2.99\""));
  EXPECT_NE(row(live_slot(lab.memory())).ring_line, old_row.ring_line);
  EXPECT_EQ(row(slot).ring_line, old_row.ring_line);
  EXPECT_TRUE(std::ranges::equal(lab.memory().rings[old_row.ring_line].backend, old_line.backend));
}

// 5. The last backend removed leaves the ring; a number used again is live on it.
TEST_P(Pitfalls, AServiceWithoutBackendsDoesNotKeepItsOldRing) {
  Lab lab(GetParam(), service(kTcp, 1));
  EXPECT_EQ(verdict(lab.run(syn(client(1)))), SF_FORWARDED);
  lab.publish(replaced(service(kTcp, 1), "weight = 1\n", "weight = 1\nstate = \"disabled\"\n"));
  EXPECT_EQ(verdict(lab.run(syn(client(2)))), SF_NO_BACKEND);
  lab.publish(replaced(replaced(service(kTcp, 1), "weight = 1\n", "weight = 1\nstate = \"disabled\"\n"),
                       "192.0.2.10", "192.0.2.20"));
  EXPECT_EQ(verdict(lab.run(syn(tcp("203.0.113.7", 3, "192.0.2.20")))), SF_NO_BACKEND);
}

void expect_outer_udp_without_sum(const Answer& answer) {
  ASSERT_GT(answer.frame.size(), 42u);
  EXPECT_EQ(answer.frame[14 + 9], 17) << "the outer header is UDP's";
  EXPECT_EQ(frames::get16(answer.frame, 14 + 20 + 6), 0u);
  EXPECT_EQ(frames::wrong_checksum(std::span(answer.frame).subspan(14)), "");
}

// 6. Made of the inner checksum, which these have not.
TEST_P(Pitfalls, TheOuterUdpChecksumIsNotMadeOfOneThatIsNotThere) {
  Lab lab(GetParam(), service(kGue));
  Packet packet = udp(tcp("203.0.113.7", 1, "192.0.2.10", 53));
  packet.payload_bytes = 40;
  Frame bare = build_frame(packet);
  frames::put16(bare, 40, 0);
  const Answer plain = lab.run(bare);
  EXPECT_EQ(verdict(plain), SF_FORWARDED);
  expect_outer_udp_without_sum(plain);
  const Answer error =
      lab.run(frames::icmp_error(build_frame(frames::reply_to(packet)), ip("198.51.100.9"), {}));
  EXPECT_EQ(verdict(error), SF_ICMP_FORWARDED);
  expect_outer_udp_without_sum(error);
}

// 7. RFC 792: the header and eight bytes.
TEST_P(Pitfalls, AnErrorThatQuotesNoMoreThanItMustIsNotDropped) {
  Lab lab(GetParam(), service(kTcp));
  const Answer flow = lab.run(syn(client(1)));
  const Answer error = lab.run(
      frames::icmp_error(build_frame(frames::reply_to(client(1))), ip("198.51.100.9"), {.quoted = 28}));
  EXPECT_EQ(verdict(error), SF_ICMP_FORWARDED);
  EXPECT_EQ(error.decision.backend, flow.decision.backend);
}

// 8. Any address, service or not.
TEST_P(Pitfalls, PingsOfAnAddressThatIsNoVipAreNotAnswered) {
  Lab lab(GetParam(), service(kTcp));
  const Frame ping = frames::echo_request(ip("203.0.113.7"), ip("192.0.2.11"));
  const Answer answer = lab.run(ping);
  EXPECT_EQ(verdict(answer), SF_NOT_SERVICE);
  EXPECT_EQ(answer.frame, ping);
  EXPECT_EQ(verdict(lab.run(frames::echo_request(ip("203.0.113.7"), ip("192.0.2.10")))), SF_ECHO_ANSWERED);
}

// 9. A key without the family. c000:20a:: begins with the bytes of 192.0.2.10.
TEST_P(Pitfalls, AnIpv6AddressThatBeginsLikeAVipIsNotTakenForIt) {
  Lab lab(GetParam(), service(kTcp));
  const Frame frame = build_frame(syn(tcp("2001:db8:c::7", 1, "c000:20a::")));
  const Answer answer = lab.run(frame);
  EXPECT_EQ(verdict(answer), SF_NOT_SERVICE);
  EXPECT_EQ(answer.frame, frame);
  EXPECT_EQ(verdict(lab.run(frames::echo_request(ip("2001:db8:c::7"), ip("c000:20a::")))), SF_NOT_SERVICE);
}

Packet long_packet() {
  Packet packet = ack(client(1));
  packet.payload_bytes = 800;
  return packet;
}

// 11. Dropped without a reason.
TEST_P(Pitfalls, FragmentsOptionsTagsAndTimeExceededAreNotDropped) {
  Lab lab(GetParam(), service(kTcp));
  const Frame whole = build_frame(long_packet());
  const std::uint32_t backend = lab.run(whole).decision.backend;
  const std::vector<std::pair<Frame, std::uint32_t>> all{
      {frames::fragment(whole, 0, 400, 5), SF_FORWARDED},
      {frames::fragment(whole, 400, 0, 5), SF_FRAGMENT_FORWARDED},
      {frames::with_ipv4_options(whole, 12), SF_FORWARDED},
      {frames::tagged(whole, {{0x8100, 5}}), SF_FORWARDED},
      {frames::tagged(whole, {{0x88a8, 5}, {0x8100, 6}}), SF_FORWARDED},
      {frames::icmp_error(build_frame(frames::reply_to(client(1))), ip("198.51.100.9"),
                          {.type = 11, .code = 0}),
       SF_ICMP_FORWARDED}};
  for (const auto& [frame, expected] : all) {
    const Answer answer = lab.run(frame);
    EXPECT_EQ(verdict(answer), expected);
    EXPECT_EQ(answer.decision.backend, backend);
  }
}

// 11. The same of IPv6 extension headers.
TEST_P(Pitfalls, ExtensionHeadersAreNotTakenForNoTransport) {
  Lab lab(GetParam(), replaced(service(kTcp), "192.0.2.10", "2001:db8::10"));
  const Frame plain = build_frame(syn(tcp("2001:db8:c::7", 1, "2001:db8::10")));
  for (const std::uint8_t kind : std::vector<std::uint8_t>{0, 43, 44, 51, 60})
    EXPECT_EQ(verdict(lab.run(frames::with_extension(plain, kind))), SF_FORWARDED) << int{kind};
}

// 11. A length that nobody compares.
TEST_P(Pitfalls, ALengthBeyondTheFrameIsNotBelieved) {
  Lab lab(GetParam(), service(kTcp));
  Frame frame = build_frame(syn(client(1)));
  frames::put16(frame, 16, 41);
  EXPECT_EQ(verdict(lab.run(frame)), SF_BAD_IP_HEADER);
}

// 12. A SYN that skips the memory follows the ring, wherever that leads now.
TEST_P(Pitfalls, ARetransmittedSynDoesNotMove) {
  Lab lab(GetParam(), service(kTcp, 2));
  std::vector<std::string> chosen;
  for (std::uint16_t port = 1; port <= 40; ++port) chosen.push_back(lab.backend(lab.run(syn(client(port)))));
  lab.publish(service(kTcp, 12));
  for (std::uint16_t port = 1; port <= 40; ++port)
    EXPECT_EQ(lab.backend(lab.run(syn(client(port)))), chosen[port - 1u]) << port;
}

// 13. Every table is as large in the program as userspace believes; CPUs too.
TEST_P(Pitfalls, LimitsDoNotExistTwice) {
  Lab lab(GetParam(), service(kTcp));
  const Memory& memory = lab.memory();
  EXPECT_EQ(memory.backend_counts.size(), std::size_t{memory.capacity.cpus} * memory.capacity.backends);
  EXPECT_EQ(memory.flows.size(), memory.capacity.flow_buckets);
  if (GetParam() == Engine::host) return;
  EXPECT_EQ(memory.capacity.cpus, static_cast<std::uint32_t>(libbpf_num_possible_cpus()));
  for (const TableSize& size : table_sizes(memory.capacity)) {
    bpf_map_info info{};
    __u32 bytes = sizeof info;
    const int map = static_cast<BpfKernel&>(lab.kernel()).map_fd(size.name);
    ASSERT_EQ(bpf_obj_get_info_by_fd(map, &info, &bytes), 0) << size.name;
    EXPECT_EQ(info.max_entries, size.rows) << size.name;
    EXPECT_EQ(info.value_size, size.row_bytes) << size.name;
  }
}

Limits limits(std::uint32_t services, std::uint32_t backends, std::uint64_t flows) {
  return {{services}, {backends}, {flows}};
}

// 14. Hundreds of megabytes whatever is configured.
TEST_P(Pitfalls, ASmallConfigurationDoesNotTakeTheMemoryOfALargeOne) {
  const std::uint64_t kMega = 1u << 20;
  const auto bytes = [](const Limits& of) { return memory_bytes(capacity_for(of, 2)); };
  EXPECT_LT(bytes(limits(4, 16, 1000)), kMega / 2);
  EXPECT_LT(bytes(limits(64, 256, 100'000)), 4 * kMega);
  const std::uint64_t flows = bytes(limits(4, 16, 20'000'000)) - bytes(limits(4, 16, 10'000'000));
  EXPECT_LE(flows, 100'000'000u) << "ten million flows more";
}

// 14. A chain of lines per lookup: here a flow has one, and no other holds it.
TEST_P(Pitfalls, ALookupOfAFlowDoesNotTouchASecondCacheLine) {
  static_assert(sizeof(sf_bucket) == 64 && alignof(sf_bucket) == 64);
  Lab lab(GetParam(), service(kTcp));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(lab.memory().flows.data()) % 64, 0u);
  lab.run(syn(client(1)));
  std::size_t words = 0;
  for (const sf_bucket& bucket : lab.memory().flows)
    words += static_cast<std::size_t>(std::ranges::count_if(bucket.way, [](__u64 way) { return way != 0; }));
  EXPECT_EQ(words, 1u);
}

ON_BOTH_ENGINES(Pitfalls);

// The program of backends has no host engine.
class DecapPitfalls : public Datapath {};

Frame ipip(const Address& to, const Frame& inner) {
  Packet outer;
  outer.source = ip("198.51.100.1");
  outer.destination = to;
  outer.payload_bytes = static_cast<std::uint16_t>(inner.size() - 14 - 20);
  Frame frame = build_frame(outer);
  frame[14 + 9] = 4;
  frames::put16(frame, 14 + 10, 0);
  frames::put16(frame, 14 + 10, static_cast<std::uint16_t>(~internet_sum(&frame[14], 20)));
  std::copy(inner.begin() + 14, inner.end(), frame.begin() + 14 + 20);
  return frame;
}

// 10. Packets meant for anybody (Decap has the rest).
TEST_P(DecapPitfalls, ATunnelToAnotherAddressIsNotOpened) {
  const std::unique_ptr<xdp_decap, void (*)(xdp_decap*)> object(xdp_decap::open_and_load(),
                                                                xdp_decap::destroy);
  ASSERT_NE(object, nullptr);
  const std::uint8_t present = 1;
  const sf_decap_local local{{htobe32(0x0a000009)}, 4};
  ASSERT_EQ(bpf_map_update_elem(bpf_map__fd(object->maps.decap_locals), &local, &present, BPF_ANY), 0);
  for (const auto& [to, opened] : {std::pair{"10.0.0.9", true}, std::pair{"10.0.0.8", false}}) {
    const Frame in = ipip(ip(to), build_frame(syn(client(1))));
    Frame out(in.size());
    LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = in.data(), .data_out = out.data(),
                .data_size_in = static_cast<__u32>(in.size()),
                .data_size_out = static_cast<__u32>(out.size()));
    ASSERT_EQ(bpf_prog_test_run_opts(bpf_program__fd(object->progs.xdp_decap), &run), 0);
    EXPECT_EQ(run.data_size_out < in.size(), opened) << to;
  }
}

ON_ENGINE(DecapPitfalls, kernel);

}  // namespace
}  // namespace steadfast
