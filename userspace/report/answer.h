// SPDX-License-Identifier: Apache-2.0
// What a balancer answers when it is asked: plain values that control/ fills in
// and report/ renders, so that neither needs the other's headers.
//
// Must not enter: functions, and anything that changes something.
#pragma once

#include <cstdint>
#include <optional>
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
  std::string time;           // RFC 3339, UTC
  std::string outcome;        // "written" | "pending" | "running" | "replaced" | "rolled-back" | "cancelled"
  std::string confirmed_by;   // of a change that was pending
  std::string ended_because;  // why it was rolled back or cancelled
  std::vector<std::string> accepted;  // "SF207:backend/web/web-09"
};

// A change that runs and goes back by itself unless it is confirmed in time.
struct PendingChange {
  std::uint64_t generation = 0;
  std::uint64_t previous = 0;  // the generation it goes back to
  std::string author;
  std::string reason;
  double seconds_left = 0;  // until the kernel goes back
  double share = 1;         // of new flows that the new generation gets; below 1 in a canary
  std::size_t stage = 0;    // of the canary, from 1; 0 = no canary, or it is over
  std::size_t stages = 0;
  bool automatic = false;  // confirms itself unless the guard objects
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
  std::uint64_t timer_restarts = 0;
  std::uint64_t fallbacks = 0;  // times the kernel went back by itself
  std::uint64_t confirmed = 0;  // the last confirmed generation
  std::optional<PendingChange> pending;
  std::vector<std::string> alerts;  // what an operator must know now, a sentence each
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
