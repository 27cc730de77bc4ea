// SPDX-License-Identifier: Apache-2.0
// LiveDrop: one dropped packet as the program saw it, and the words for people.
//
// Must not enter: waiting for drops (control/drop_feed.h), terminals.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/frame.h"
#include "bpf/abi.h"

namespace steadfast::report {

struct LiveDrop {
  double time_s = 0;  // Unix time
  sf_verdict verdict = SF_TRUNCATED;
  std::string service;    // empty: none was found
  std::string interface;  // it came in on
  std::uint32_t queue = 0;
  std::uint32_t cpu = 0;
  std::uint32_t frame_bytes = 0;  // of the whole frame
  Frame bytes;                    // its first ones
};

// One line of the stream: a drop, or a sign of life.
struct DropLine {
  std::optional<LiveDrop> drop;
  std::uint64_t missed = 0;  // drops so far that were not sampled
};

// "tcp 203.0.113.7:40000 > 192.0.2.10:443 syn": as much as the packet code itself reads
// in the frame, or its first bytes in hexadecimal where that is nothing.
std::string packet_words(const LiveDrop& drop);

// "10:15:02.123456  no_backend  web  eth0  60 bytes  tcp …"
std::string drop_line(const LiveDrop& drop, bool colour);

}  // namespace steadfast::report
