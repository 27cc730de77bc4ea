// SPDX-License-Identifier: Apache-2.0
#include "verdict_rows.h"

#include <linux/bpf.h>

#include "packet_lab.h"
#include "support/frames.h"
#include "support/replaced.h"

namespace steadfast::bench {
namespace {

constexpr Path kPath{"ipv4", "ipip", "tcp"};
constexpr Path kUdp{"ipv4", "ipip", "udp"};
constexpr std::size_t kFirstFragment = 48;
constexpr std::uint32_t kTrain = 7;

const Address kVip = *Address::parse("198.18.0.1");
const Address kClient = *Address::parse("11.0.0.0");
const Address kRouter = *Address::parse("203.0.113.1");

std::string with_service_line(const std::string& line) {
  return replaced(lab_text(kPath, {}), "pool = \"p0\"\n", "pool = \"p0\"\n" + line + "\n");
}

// One frame, always the same one.
Drive same(Frame frame, std::uint32_t action) {
  Drive drive;
  frame.resize(std::max<std::size_t>(frame.size(), BENCH_IMAGE_BYTES));
  drive.frame = std::move(frame);
  drive.action = action;
  drive.grows = action == XDP_TX ? kPath.grows() : 0;
  return drive;
}

Drive dropped(const Drive& from) {
  Drive drive = from;
  drive.grows = 0;
  drive.action = XDP_DROP;
  return drive;
}

VerdictRow denied() {
  return {"source_denied",
          "drop",
          with_service_line("deny = [\"11.0.0.0/8\"]"),
          {},
          dropped(drive_of(kPath, true))};
}

// The source has had its one flow of this second.
VerdictRow limited() {
  const Drive first = drive_of(kPath, true);
  Frame second = first.frame;
  frames::put16(second, frames::transport_at(second), 1025);
  return {"new_flow_limited",
          "drop",
          with_service_line("new_flows_per_source = 1"),
          {first.frame},
          same(second, XDP_DROP)};
}

VerdictRow without_backend() {
  return {"no_backend",
          "drop",
          replaced(lab_text(kPath, {1, 1}), "weight = 1\n", "weight = 1\nstate = \"drain\"\n"),
          {},
          dropped(drive_of(kPath, true))};
}

// The whole datagram has room for a second fragment that fills the driver's image.
Frame datagram() {
  Packet packet;
  packet.protocol = 17;
  packet.source = kClient;
  packet.destination = kVip;
  packet.source_port = 1024;
  packet.destination_port = 80;
  packet.payload_bytes = 200;
  return build_frame(packet);
}

VerdictRow later_fragment() {
  return {"fragment_forwarded",
          "hit",
          lab_text(kUdp, {}),
          {frames::fragment(datagram(), 0, kFirstFragment, kTrain)},
          same(frames::fragment(datagram(), kFirstFragment, 0, kTrain), XDP_TX)};
}

VerdictRow orphan() {
  return {"fragment_orphan",
          "drop",
          lab_text(kUdp, {}),
          {},
          same(frames::fragment(datagram(), kFirstFragment, 0, kTrain), XDP_DROP)};
}

VerdictRow icmp_to_flow() {
  const Drive flow = drive_of(kPath, false);
  Packet answer;
  answer.source = kVip;
  answer.destination = kClient;
  answer.source_port = 80;
  answer.destination_port = 1024;
  answer.ack = true;
  return {"icmp_forwarded",
          "hit",
          lab_text(kPath, {}),
          {flow.frame},
          same(frames::icmp_error(build_frame(answer), kRouter, {}), XDP_TX)};
}

VerdictRow ping() {
  VerdictRow row{"echo_answered",
                 "hit",
                 replaced(lab_text(kPath, {}), "[limits]", "echo_per_second = 1000000\n[limits]"),
                 {},
                 same(frames::echo_request(kClient, kVip, 40), XDP_TX)};
  row.drive.grows = 0;
  return row;
}

}  // namespace

std::vector<VerdictRow> verdict_rows() {
  return {denied(), limited(), without_backend(), later_fragment(), orphan(), icmp_to_flow(), ping()};
}

}  // namespace steadfast::bench
