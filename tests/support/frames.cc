// SPDX-License-Identifier: Apache-2.0
#include "support/frames.h"

#include <netinet/in.h>

#include <algorithm>

#include "base/bug.h"

namespace steadfast::frames {
namespace {

constexpr std::size_t kIpv4Bytes = 20;
constexpr std::size_t kIpv6Bytes = 40;
constexpr std::size_t kFragmentHeaderBytes = 8;

std::uint8_t icmp_of(const Address& address) {
  return static_cast<std::uint8_t>(address.is_v4() ? IPPROTO_ICMP : int{IPPROTO_ICMPV6});
}

void sum_ipv4(Frame& frame) {
  const std::size_t header = (frame[kIpAt] & 0x0fu) * 4;
  put16(frame, kIpAt + 10, 0);
  put16(frame, kIpAt + 10, static_cast<std::uint16_t>(~internet_sum(&frame[kIpAt], header)));
}

void set_ip_bytes(Frame& frame, std::size_t bytes) {
  if (is_ipv6(frame)) {
    put16(frame, kIpAt + 4, static_cast<unsigned>(bytes - kIpv6Bytes));
    return;
  }
  put16(frame, kIpAt + 2, static_cast<unsigned>(bytes));
  sum_ipv4(frame);
}

Frame ip_frame(const Address& from, const Address& to, std::uint8_t protocol, const Frame& payload) {
  Packet packet;
  packet.protocol = IPPROTO_UDP;
  packet.source = from;
  packet.destination = to;
  Frame frame = build_frame(packet);
  frame.resize(transport_at(frame));
  frame[is_ipv6(frame) ? kIpAt + 6 : kIpAt + 9] = protocol;
  frame.insert(frame.end(), payload.begin(), payload.end());
  set_ip_bytes(frame, frame.size() - kIpAt);
  return frame;
}

// Of RFC 8200 §8.1; ICMP over IPv4 has none.
std::uint32_t pseudo_sum(const std::uint8_t* source, std::size_t width, std::size_t bytes,
                         std::uint8_t protocol) {
  return protocol + static_cast<std::uint32_t>(bytes) + internet_sum(source, 2 * width);
}

void sum_icmp(Frame& frame) {
  const std::size_t at = transport_at(frame), bytes = frame.size() - at;
  const std::uint32_t start = is_ipv6(frame) ? pseudo_sum(&frame[kIpAt + 8], 16, bytes, IPPROTO_ICMPV6) : 0;
  put16(frame, at + 2, 0);
  put16(frame, at + 2, static_cast<std::uint16_t>(~internet_sum(&frame[at], bytes, start)));
}

std::string wrong_transport(std::uint8_t protocol, std::span<const std::uint8_t> bytes,
                            std::uint32_t pseudo) {
  if (protocol == IPPROTO_UDP && bytes.size() >= 8 && bytes[6] == 0 && bytes[7] == 0) return {};
  return internet_sum(bytes.data(), bytes.size(), pseudo) == 0xffff ? ""
                                                                    : "protocol " + std::to_string(protocol);
}

std::string wrong_payload(std::uint8_t protocol, std::span<const std::uint8_t> bytes, std::uint32_t pseudo) {
  if (protocol == IPPROTO_IPIP || protocol == IPPROTO_IPV6) return wrong_checksum(bytes);
  if (protocol == IPPROTO_ICMP) return wrong_transport(protocol, bytes, 0);
  return wrong_transport(protocol, bytes, pseudo);
}

}  // namespace

std::uint16_t get16(const Frame& frame, std::size_t at) {
  return static_cast<std::uint16_t>(frame.at(at) << 8 | frame.at(at + 1));
}

void put16(Frame& frame, std::size_t at, unsigned value) {
  frame.at(at) = static_cast<std::uint8_t>(value >> 8);
  frame.at(at + 1) = static_cast<std::uint8_t>(value);
}

bool is_ipv6(const Frame& frame) { return get16(frame, 12) == 0x86dd; }

std::size_t transport_at(const Frame& frame) {
  return kIpAt + (is_ipv6(frame) ? kIpv6Bytes : (frame[kIpAt] & 0x0fu) * 4);
}

Frame tagged(Frame frame, const std::vector<std::pair<std::uint16_t, std::uint16_t>>& tags) {
  std::vector<std::uint8_t> bytes;
  for (const auto& [type, tci] : tags)
    for (const unsigned word : {unsigned{type}, unsigned{tci}}) {
      bytes.push_back(static_cast<std::uint8_t>(word >> 8));
      bytes.push_back(static_cast<std::uint8_t>(word));
    }
  frame.insert(frame.begin() + 12, bytes.begin(), bytes.end());
  return frame;
}

// No-operation options (RFC 791 §3.1).
Frame with_ipv4_options(Frame frame, std::size_t bytes) {
  invariant(bytes % 4 == 0 && bytes <= 40, "IPv4 options are up to ten words");
  frame.insert(frame.begin() + kIpAt + kIpv4Bytes, bytes, 1);
  frame[kIpAt] = static_cast<std::uint8_t>(0x45 + bytes / 4);
  set_ip_bytes(frame, frame.size() - kIpAt);
  return frame;
}

Frame with_extension(Frame frame, std::uint8_t kind, std::size_t bytes) {
  Frame header(bytes);
  header[0] = frame[kIpAt + 6];
  if (kind == IPPROTO_AH)
    header[1] = static_cast<std::uint8_t>(bytes / 4 - 2);
  else if (kind != IPPROTO_FRAGMENT)
    header[1] = static_cast<std::uint8_t>(bytes / 8 - 1);
  frame[kIpAt + 6] = kind;
  frame.insert(frame.begin() + kIpAt + kIpv6Bytes, header.begin(), header.end());
  set_ip_bytes(frame, frame.size() - kIpAt);
  return frame;
}

Frame fragment(const Frame& frame, std::size_t first, std::size_t bytes, std::uint32_t identification) {
  const std::size_t at = transport_at(frame);
  const std::size_t whole = frame.size() - at;
  const std::size_t taken = bytes == 0 ? whole - first : bytes;
  const unsigned more = first + taken < whole ? 1 : 0;
  Frame piece(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(at));
  const auto from = frame.begin() + static_cast<std::ptrdiff_t>(at + first);
  piece.insert(piece.end(), from, from + static_cast<std::ptrdiff_t>(taken));
  if (!is_ipv6(frame)) {
    put16(piece, kIpAt + 4, identification & 0xffff);
    put16(piece, kIpAt + 6, static_cast<unsigned>(first / 8) | more << 13);
    set_ip_bytes(piece, piece.size() - kIpAt);
    return piece;
  }
  piece = with_extension(std::move(piece), IPPROTO_FRAGMENT, kFragmentHeaderBytes);
  put16(piece, at + 2, static_cast<unsigned>(first) | more);
  put16(piece, at + 4, identification >> 16);
  put16(piece, at + 6, identification & 0xffff);
  return piece;
}

Frame icmp_error(const Frame& sent, const Address& router, const IcmpError& error) {
  Frame icmp{error.type, error.code, 0, 0};
  for (int shift = 24; shift >= 0; shift -= 8) icmp.push_back(static_cast<std::uint8_t>(error.rest >> shift));
  const std::size_t quoted = std::min(error.quoted, sent.size() - kIpAt);
  icmp.insert(icmp.end(), sent.begin() + kIpAt, sent.begin() + static_cast<std::ptrdiff_t>(kIpAt + quoted));
  Address to;
  to.family = router.family;
  const std::size_t source_at = kIpAt + (router.is_v4() ? 12 : 8), width = router.is_v4() ? 4 : 16;
  std::copy_n(sent.begin() + static_cast<std::ptrdiff_t>(source_at), width, to.bytes.begin());
  Frame frame = ip_frame(router, to, icmp_of(router), icmp);
  sum_icmp(frame);
  return frame;
}

Frame echo_request(const Address& from, const Address& to, std::size_t payload) {
  Frame icmp(8 + payload, 0x5a);
  icmp[0] = from.is_v4() ? 8 : 128;
  icmp[1] = 0;
  Frame frame = ip_frame(from, to, icmp_of(from), icmp);
  sum_icmp(frame);
  return frame;
}

Packet reply_to(const Packet& packet) {
  Packet reply = packet;
  std::swap(reply.source, reply.destination);
  std::swap(reply.source_port, reply.destination_port);
  return reply;
}

std::string wrong_checksum(std::span<const std::uint8_t> ip) {
  if (ip.size() < kIpv4Bytes) return "no IP header";
  if (ip[0] >> 4 == 6) {
    const std::size_t bytes = static_cast<std::size_t>(ip[4] << 8 | ip[5]);
    return wrong_payload(ip[6], ip.subspan(kIpv6Bytes, bytes), pseudo_sum(&ip[8], 16, bytes, ip[6]));
  }
  const std::size_t header = (ip[0] & 0x0fu) * 4, total = static_cast<std::size_t>(ip[2] << 8 | ip[3]);
  if (internet_sum(ip.data(), header) != 0xffff) return "the IPv4 header";
  return wrong_payload(ip[9], ip.subspan(header, total - header),
                       pseudo_sum(&ip[12], 4, total - header, ip[9]));
}

}  // namespace steadfast::frames
