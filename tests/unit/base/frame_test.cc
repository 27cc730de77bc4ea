// SPDX-License-Identifier: Apache-2.0
#include "base/frame.h"

#include <gtest/gtest.h>

namespace steadfast {
namespace {

Packet packet(const char* source, const char* destination, std::uint8_t protocol) {
  Packet made;
  made.protocol = protocol;
  made.source = *Address::parse(source);
  made.destination = *Address::parse(destination);
  made.source_port = 40000;
  made.destination_port = 443;
  made.payload_bytes = 33;  // odd, so that the last byte of the sum counts
  return made;
}

// A right checksum makes the sum over pseudo-header and segment all ones.
std::uint16_t segment_sum(const Frame& frame, const Packet& packet) {
  const std::size_t at = 14 + (packet.source.is_v4() ? 20 : 40);
  const std::size_t width = packet.source.is_v4() ? 4 : 16;
  std::uint32_t sum = packet.protocol + static_cast<std::uint32_t>(frame.size() - at);
  sum += internet_sum(packet.source.bytes.data(), width);
  sum += internet_sum(packet.destination.bytes.data(), width);
  return internet_sum(&frame[at], frame.size() - at, sum);
}

TEST(Frame, ChecksumsAreRightForEveryFamilyAndProtocol) {
  for (const std::uint8_t protocol : {std::uint8_t{6}, std::uint8_t{17}}) {
    const Packet v4 = packet("203.0.113.7", "192.0.2.10", protocol);
    const Packet v6 = packet("2001:db8:c::7", "2001:db8::10", protocol);
    EXPECT_EQ(internet_sum(&build_frame(v4)[14], 20), 0xffff);
    EXPECT_EQ(segment_sum(build_frame(v4), v4), 0xffff);
    EXPECT_EQ(segment_sum(build_frame(v6), v6), 0xffff);
  }
}

TEST(Frame, LengthsAgreeWithTheFrame) {
  const Frame v4 = build_frame(packet("203.0.113.7", "192.0.2.10", 6));
  EXPECT_EQ(v4.size(), 14u + 20 + 20 + 33);
  EXPECT_EQ(v4[16] << 8 | v4[17], 20 + 20 + 33);
  const Frame v6 = build_frame(packet("2001:db8:c::7", "2001:db8::10", 17));
  EXPECT_EQ(v6[18] << 8 | v6[19], 8 + 33);
  EXPECT_EQ(v6[14 + 40 + 4] << 8 | v6[14 + 40 + 5], 8 + 33);
}

// RFC 1071 §3: the example of the memo.
TEST(Frame, InternetSumMatchesTheMemo) {
  const std::uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(internet_sum(bytes, sizeof bytes), 0xddf2);
}

}  // namespace
}  // namespace steadfast
