// SPDX-License-Identifier: Apache-2.0
// Snapshot: what the balancer did, read once and given to everyone: metrics,
// screens, JSON and (later) detectors all show the same numbers. collect() adds
// the per-CPU stripes and subtracts what a row's id had counted for an earlier
// owner, so a series starts at zero and never goes back.
//
// Must not enter: rendering, rates, judgement.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/place.h"
#include "bpf/abi.h"
#include "counters/health_report.h"

namespace steadfast {

struct Count {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
};
using VerdictCounts = std::array<Count, SF_VERDICT_COUNT>;

struct ServiceSnapshot {
  std::string name;
  std::string endpoint;  // "tcp 192.0.2.10:443"
  std::string pool;
  std::string forward;  // "l2" | "ipip" | "gue"
  std::string state;    // "active" | "parked"
  std::uint32_t id = 0;
  std::uint32_t ring_entries = 0;
  VerdictCounts verdicts{};
  Place place;
};

struct BackendSnapshot {
  std::string service;
  std::string pool;
  std::string name;
  std::string address;
  std::string state;     // "active" | "drain" | "disabled"
  std::uint32_t id = 0;  // 0 for a disabled backend
  std::uint32_t weight = 0;
  double ring_share = 0;  // exact share of new flows, 0…1
  std::string next_hop;   // "02:00:00:00:00:01 via eth0", or why there is none
  bool next_hop_resolved = false;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t new_flows = 0;
  std::uint64_t established = 0;
  std::uint64_t syn_retransmissions = 0;
  std::uint64_t retried = 0;  // flows whose SYN came again
  std::uint64_t midflow = 0;
  std::uint64_t untracked = 0;
  std::uint64_t flows = 0;              // entries of the flow table that name it
  std::optional<BackendHealth> health;  // none: nobody watches it
  Place place;
};

struct FlowTableSnapshot {
  std::uint64_t capacity = 0;  // ways
  std::uint64_t bytes = 0;
  std::uint64_t half_open = 0;
  std::uint64_t established = 0;
  std::uint64_t closing = 0;
  std::uint64_t used() const { return half_open + established + closing; }
};

struct Snapshot {
  double time_s = 0;  // Unix time it was read
  std::uint64_t generation = 0;
  VerdictCounts host{};     // packets that belong to no service
  VerdictCounts retired{};  // of services that are gone, so that totals never go back
  std::vector<ServiceSnapshot> services;
  std::vector<BackendSnapshot> backends;
  FlowTableSnapshot flows;
  std::uint64_t program_runs = 0;
  double program_run_s = 0;
  std::uint32_t clock_s = 0;
  HealthReport health;

  // Beside the rows of the backends it is about.
  void add(HealthReport report);
  VerdictCounts total() const;  // host + retired + every service
};

}  // namespace steadfast
