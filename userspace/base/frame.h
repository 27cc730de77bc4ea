// SPDX-License-Identifier: Apache-2.0
// Frames made from a few words: what tests, trace and probes send through the
// program. Checksums are right; addresses of both ends have one family.
//
// Must not enter: reading frames off a wire, text (config/packet_spec.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/address.h"

namespace steadfast {

using Frame = std::vector<std::uint8_t>;  // Ethernet, without FCS

struct Packet {
  std::uint8_t protocol = 6;  // IPPROTO_TCP or IPPROTO_UDP
  Address source;
  std::uint16_t source_port = 0;
  Address destination;
  std::uint16_t destination_port = 0;
  bool syn = false, ack = false, fin = false, rst = false;  // TCP only
  std::uint16_t payload_bytes = 0;
  std::uint8_t tos = 0;
  Mac source_mac{{2, 0, 0, 0, 0, 1}};
  Mac destination_mac{{2, 0, 0, 0, 0, 2}};
};

Frame build_frame(const Packet& packet);

// Ones' complement sum of RFC 1071 over `bytes`, folded, not inverted.
std::uint16_t internet_sum(const std::uint8_t* bytes, std::size_t length, std::uint32_t start = 0);

}  // namespace steadfast
