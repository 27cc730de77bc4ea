// SPDX-License-Identifier: Apache-2.0
#include "base/frame.h"

#include <netinet/in.h>

#include <algorithm>

namespace steadfast {
namespace {

constexpr std::size_t kEthernetBytes = 14;
constexpr std::uint8_t kTtl = 64;

void put16(Frame& frame, std::size_t at, unsigned value) {
  frame[at] = static_cast<std::uint8_t>(value >> 8);
  frame[at + 1] = static_cast<std::uint8_t>(value);
}

std::size_t transport_bytes(const Packet& packet) {
  return (packet.protocol == IPPROTO_TCP ? 20u : 8u) + packet.payload_bytes;
}

void put_ethernet(Frame& frame, const Packet& packet) {
  std::copy(packet.destination_mac.bytes.begin(), packet.destination_mac.bytes.end(), frame.begin());
  std::copy(packet.source_mac.bytes.begin(), packet.source_mac.bytes.end(), frame.begin() + 6);
  put16(frame, 12, packet.source.is_v4() ? 0x0800 : 0x86dd);
}

void put_ipv4(Frame& frame, const Packet& packet) {
  const std::size_t at = kEthernetBytes;
  frame[at] = 0x45;
  frame[at + 1] = packet.tos;
  put16(frame, at + 2, static_cast<unsigned>(20 + transport_bytes(packet)));
  put16(frame, at + 6, 0x4000);  // don't fragment
  frame[at + 8] = kTtl;
  frame[at + 9] = packet.protocol;
  std::copy_n(packet.source.bytes.begin(), 4, frame.begin() + at + 12);
  std::copy_n(packet.destination.bytes.begin(), 4, frame.begin() + at + 16);
  put16(frame, at + 10, static_cast<std::uint16_t>(~internet_sum(&frame[at], 20)));
}

void put_ipv6(Frame& frame, const Packet& packet) {
  const std::size_t at = kEthernetBytes;
  put16(frame, at, 0x6000u | static_cast<unsigned>(packet.tos << 4));
  put16(frame, at + 4, static_cast<unsigned>(transport_bytes(packet)));
  frame[at + 6] = packet.protocol;
  frame[at + 7] = kTtl;
  std::copy(packet.source.bytes.begin(), packet.source.bytes.end(), frame.begin() + at + 8);
  std::copy(packet.destination.bytes.begin(), packet.destination.bytes.end(), frame.begin() + at + 24);
}

std::uint8_t tcp_flags(const Packet& packet) {
  return static_cast<std::uint8_t>((packet.fin ? 1 : 0) | (packet.syn ? 2 : 0) | (packet.rst ? 4 : 0) |
                                   (packet.ack ? 16 : 0));
}

void put_transport(Frame& frame, std::size_t at, const Packet& packet) {
  put16(frame, at, packet.source_port);
  put16(frame, at + 2, packet.destination_port);
  if (packet.protocol == IPPROTO_TCP) {
    frame[at + 12] = 0x50;
    frame[at + 13] = tcp_flags(packet);
    put16(frame, at + 14, 0xffff);
  } else {
    put16(frame, at + 4, static_cast<unsigned>(transport_bytes(packet)));
  }
}

// The pseudo-header of RFC 9293 §3.1 and RFC 8200 §8.1.
std::uint16_t transport_checksum(const Frame& frame, std::size_t at, const Packet& packet) {
  const std::size_t width = packet.source.is_v4() ? 4 : 16;
  std::uint32_t sum = packet.protocol + static_cast<std::uint32_t>(transport_bytes(packet));
  sum += internet_sum(packet.source.bytes.data(), width);
  sum += internet_sum(packet.destination.bytes.data(), width);
  const auto checksum = static_cast<std::uint16_t>(~internet_sum(&frame[at], transport_bytes(packet), sum));
  return checksum == 0 && packet.protocol == IPPROTO_UDP ? 0xffff : checksum;
}

}  // namespace

std::uint16_t internet_sum(const std::uint8_t* bytes, std::size_t length, std::uint32_t start) {
  std::uint64_t sum = start;
  for (std::size_t i = 0; i + 1 < length; i += 2) sum += static_cast<unsigned>(bytes[i] << 8 | bytes[i + 1]);
  if (length % 2 != 0) sum += static_cast<unsigned>(bytes[length - 1] << 8);
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

Frame build_frame(const Packet& packet) {
  const std::size_t transport_at = kEthernetBytes + (packet.source.is_v4() ? 20 : 40);
  Frame frame(transport_at + transport_bytes(packet));
  put_ethernet(frame, packet);
  if (packet.source.is_v4())
    put_ipv4(frame, packet);
  else
    put_ipv6(frame, packet);
  put_transport(frame, transport_at, packet);
  const std::size_t checksum_at = transport_at + (packet.protocol == IPPROTO_TCP ? 16 : 6);
  put16(frame, checksum_at, transport_checksum(frame, transport_at, packet));
  return frame;
}

}  // namespace steadfast
