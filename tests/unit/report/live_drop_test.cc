// SPDX-License-Identifier: Apache-2.0
#include "report/live_drop.h"

#include <gtest/gtest.h>

#include "support/frames.h"

namespace steadfast::report {
namespace {

Packet packet(const char* from, const char* to) {
  Packet packet;
  packet.source = *Address::parse(from);
  packet.source_port = 40000;
  packet.destination = *Address::parse(to);
  packet.destination_port = 443;
  return packet;
}

// As the program samples it: the beginning of the frame.
LiveDrop sampled(const Frame& frame) {
  LiveDrop drop;
  drop.time_s = 86400 + 3 * 3600 + 4 * 60 + 5.25;
  drop.verdict = SF_NO_BACKEND;
  drop.service = "web";
  drop.interface = "eth0";
  drop.frame_bytes = static_cast<std::uint32_t>(frame.size());
  drop.bytes.assign(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(
                                                       std::min<std::size_t>(frame.size(), SF_SAMPLE_BYTES)));
  return drop;
}

std::string words(const Frame& frame) { return packet_words(sampled(frame)); }

TEST(LiveDrop, AFiveTupleIsReadFromABeginning) {
  Packet large = packet("203.0.113.7", "192.0.2.10");
  large.syn = large.ack = true;
  large.payload_bytes = 1400;
  EXPECT_EQ(words(build_frame(large)), "tcp 203.0.113.7:40000 > 192.0.2.10:443 syn ack");
}

TEST(LiveDrop, Ipv6AndUdp) {
  Packet datagram = packet("2001:db8::7", "2001:db8::10");
  datagram.protocol = 17;
  EXPECT_EQ(words(build_frame(datagram)), "udp [2001:db8::7]:40000 > [2001:db8::10]:443");
}

TEST(LiveDrop, TagsAreSteppedOver) {
  const Frame frame = build_frame(packet("203.0.113.7", "192.0.2.10"));
  EXPECT_EQ(words(frames::tagged(frame, {{0x8100, 7}})), "tcp 203.0.113.7:40000 > 192.0.2.10:443");
}

TEST(LiveDrop, PacketsWithoutPortsSayWhatTheyAre) {
  const Frame sent = build_frame(packet("192.0.2.10", "203.0.113.7"));
  EXPECT_EQ(words(frames::icmp_error(sent, *Address::parse("198.51.100.9"), {})),
            "icmp 198.51.100.9 > 192.0.2.10 type 3 code 4");
  Packet large = packet("203.0.113.7", "192.0.2.10");
  large.payload_bytes = 800;
  EXPECT_EQ(words(frames::fragment(build_frame(large), 400, 0, 9)),
            "tcp 203.0.113.7 > 192.0.2.10 later fragment");
}

TEST(LiveDrop, WhatCannotBeReadIsShownAsItIs) {
  Frame cut = build_frame(packet("203.0.113.7", "192.0.2.10"));
  cut.resize(16);
  EXPECT_EQ(words(cut), "02 00 00 00 00 02 02 00 00 00 00 01 08 00 45 00");
  EXPECT_EQ(words({}), "");
}

TEST(LiveDrop, ALineSaysWhenWhyWhereAndWhat) {
  const LiveDrop drop = sampled(build_frame(packet("203.0.113.7", "192.0.2.10")));
  EXPECT_EQ(drop_line(drop, false),
            "03:04:05.250000  no_backend  web  eth0  54 bytes  tcp 203.0.113.7:40000 > 192.0.2.10:443");
  LiveDrop stray = drop;
  stray.service.clear();
  EXPECT_NE(drop_line(stray, true).find("\x1b[31mno_backend\x1b[0m  -  eth0"), std::string::npos)
      << drop_line(stray, true);
}

}  // namespace
}  // namespace steadfast::report
