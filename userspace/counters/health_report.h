// SPDX-License-Identifier: Apache-2.0
// HealthReport: what the keeper knows, as plain values that screens, JSON and
// metrics show: each backend's state and why, each pool's floor, the probing itself.
//
// Must not enter: judgement (health/), rendering (report/).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "health/outcome.h"

namespace steadfast {

struct BackendHealth {
  std::string name;
  std::string state, reason;  // words of health/state.h
  std::string detail;         // what was seen, a phrase; empty when all is well
  double since_s = 0;         // how long it has been in this state
  bool serving = true;        // takes new flows
  double share = 1;           // of its weight, 0…1
  std::string outcome;        // of the latest probe that decides; empty before the first
  std::string outcome_detail;
  double probe_s = 0;    // how long that probe took
  std::string fault;     // "SF802: …", what an examination found
  std::string stranger;  // how its server differs from its pool's (SF807); empty: it does not
  std::optional<std::uint64_t> flows_left;  // of a backend that drains
  std::optional<std::uint32_t> quiet_in_s;  // and by when they have ended, unless packets come
  double completion = 1;                    // of its handshakes, over the last half minute
};

struct PoolHealth {
  std::string name;
  std::uint64_t active = 0;   // backends the file gives new flows
  std::uint64_t healthy = 0;  // of these
  std::uint64_t serving = 0;  // of these, those the floor keeps included
  std::uint64_t needed = 0;   // min_healthy
  bool on_floor = false;
  std::vector<BackendHealth> backends;
};

// The probing and the publishing, since the daemon began.
struct HealthFigures {
  std::string frozen;  // why no health change is made; empty: it is made
  double frozen_s = 0;
  std::array<std::uint64_t, health::kOutcomes> probes{};  // ended, by outcome
  std::uint64_t running = 0;
  std::uint64_t late = 0;  // began a second or more after they were due
  double probe_s = 0;      // sum over those that ended
  std::uint64_t published = 0;
  double publish_s = 0;  // sum
  double last_publish_s = 0;
};

struct HealthReport {
  std::vector<PoolHealth> pools;
  HealthFigures figures;
};

}  // namespace steadfast
