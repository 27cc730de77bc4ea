// SPDX-License-Identifier: Apache-2.0
// What a balancer answers when it is asked: plain values that control/ fills in
// and report/ renders, so that neither needs the other's headers.
//
// Must not enter: functions, and anything that changes something.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/frame.h"
#include "base/place.h"
#include "bpf/abi.h"

namespace steadfast {

struct GenerationInfo {
  std::uint64_t number = 0;
  std::string digest;  // of the file's bytes
  std::string author;
  std::string reason;
  std::string file;
  std::string time;                   // RFC 3339, UTC
  std::string outcome;                // "running" | "replaced" | "rolled-back"
  std::vector<std::string> accepted;  // "SF207:backend/web/web-09"
};

struct Status {
  std::uint64_t generation = 0;
  std::string digest;
  std::string file;
  std::string author;
  std::string applied_at;  // RFC 3339
  std::string last_apply_verdict;
  std::string engine;
  std::string xdp_mode;
  std::vector<std::string> interfaces;
  std::uint64_t uptime_s = 0;
  std::uint32_t slot = 0;
  bool timer_alive = false;  // the in-kernel clock ticks
  std::size_t unresolved_next_hops = 0;
  std::uint64_t memory_bytes = 0;  // of all maps
};

struct TraceAnswer {
  sf_decision decision{};
  Frame in;
  Frame out;
  std::string service;  // names, empty when none
  std::string pool;
  std::string backend;
  std::string backend_address;
  std::string forward;
  std::string next_hop;
  std::uint32_t ring_entries = 0;
  std::string file;
  Place service_place;
  Place backend_place;
};

}  // namespace steadfast
