// SPDX-License-Identifier: Apache-2.0
// Frames that clients, routers and attackers send beyond the plain ones of
// base/frame.h: tags, options, extension headers, fragments, ICMP. Each takes a
// frame and gives another; lengths and header checksums are right unless the name
// says otherwise.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/frame.h"

namespace steadfast::frames {

inline constexpr std::size_t kIpAt = 14;  // of a frame without tags

std::uint16_t get16(const Frame& frame, std::size_t at);
void put16(Frame& frame, std::size_t at, unsigned value);
bool is_ipv6(const Frame& frame);
std::size_t transport_at(const Frame& frame);  // without tags and extension headers

// Outermost first.
Frame tagged(Frame frame, const std::vector<std::pair<std::uint16_t, std::uint16_t>>& tags);
Frame with_ipv4_options(Frame frame, std::size_t bytes);
// `kind` is the header's own protocol number; eight bytes unless said.
Frame with_extension(Frame frame, std::uint8_t kind, std::size_t bytes = 8);

// Bytes `first`… of the IP payload, `bytes` of them (0: the rest), as one fragment.
Frame fragment(const Frame& frame, std::size_t first, std::size_t bytes, std::uint32_t identification);

// A router's answer to what `sent` was: the quote has `quoted` bytes of the packet.
struct IcmpError {
  std::uint8_t type = 3;
  std::uint8_t code = 4;
  std::uint32_t rest = 1400;  // the second word: the MTU
  std::size_t quoted = 28;
};
Frame icmp_error(const Frame& sent, const Address& router, const IcmpError& error);
Frame echo_request(const Address& from, const Address& to, std::size_t payload = 16);

// What a backend behind direct server return answers to this packet.
Packet reply_to(const Packet& packet);

// Every checksum that the frame has, from the outermost header inwards, verified.
// Empty when all are right, otherwise which one is not.
std::string wrong_checksum(std::span<const std::uint8_t> ip);

}  // namespace steadfast::frames
