// SPDX-License-Identifier: Apache-2.0
// One packet in words: "tcp 203.0.113.7:40000 > 192.0.2.10:443 syn len 100".
// What `trace` and configuration tests ask about.
//
//   (tcp|udp) SOURCE:PORT > DESTINATION:PORT [syn] [ack] [fin] [rst] [len BYTES]
//
// An IPv6 address stands in brackets: [2001:db8::1]:443. The source port may be
// `*`: every source port. A TCP packet without flags is a bare segment.
//
// Must not enter: I/O, what becomes of the packet.
#pragma once

#include <string>
#include <string_view>

#include "base/frame.h"
#include "base/result.h"

namespace steadfast {

struct PacketSpec {
  Packet packet;
  bool any_source_port = false;  // written `*`; packet.source_port is then 0
};

// The error names the word that is wrong and what was expected instead.
Result<PacketSpec> parse_packet_spec(std::string_view text);

// The shortest text that parse_packet_spec reads back as the same packet.
std::string text(const PacketSpec& spec);

}  // namespace steadfast
