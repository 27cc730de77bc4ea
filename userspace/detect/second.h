// SPDX-License-Identifier: Apache-2.0
// Second: everything the detectors are told, once a second. Counters only grow; who
// asks lends them and keeps them.
//
// Must not enter: what is derived from these (rates, baselines: the detectors keep them).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "counters/snapshot.h"
#include "detect/change_made.h"
#include "detect/scene.h"

namespace steadfast::detect {

// A table, or memory, that can be full.
struct Fill {
  std::string object;  // "table/flows"
  double used = 0;
  double capacity = 0;
};

// What health has found silent (health/silence.h).
struct SilentBackend {
  std::string object;  // "backend/messaging/msg-03"
  std::string detail;
  double completion = 0;  // of its handshakes, 0…1
  double since_s = 0;
  bool serves = false;  // nothing takes its flows away
};

// Of one service on one CPU.
struct CpuCounts {
  std::uint64_t packets = 0;
  std::uint64_t configuration = 0, sender = 0;  // dropped because of it
};
// By Service::endpoint(), "" is the host; all have the same CPUs.
using CpuCountsOf = std::map<std::string, std::vector<CpuCounts>>;

// A change that is not confirmed.
struct Unconfirmed {
  std::uint64_t generation = 0;
};

struct Second {
  double now_s = 0;                                                // of a clock that never goes back
  double ahead_s = 0;                                              // Unix time is so far ahead of it
  std::uint64_t generation = 0;                                    // that packets should follow
  std::uint64_t generation_in_kernel = 0;                          // that they follow
  const std::map<std::string, VerdictCounts>* services = nullptr;  // by Service::endpoint()
  const VerdictCounts* host = nullptr;                             // of packets that belong to no service
  CpuCountsOf cpus;                                                // of the same packets; empty: not known
  std::uint64_t counted = 0;                  // packets of all verdicts, whoever they belong to
  std::optional<std::uint64_t> program_runs;  // none: the kernel does not count them
  std::vector<std::uint64_t> new_flows;       // beside the scene's backends; empty: not counted this time
  std::vector<std::uint64_t> established;     // the same of handshakes that were completed
  std::vector<Fill> fills;                    // empty: not looked at this time
  std::vector<SilentBackend> silent;
  std::vector<Drift> drifts;  // those that stand or are recent, any number of times
  std::optional<Unconfirmed> unconfirmed;
};

}  // namespace steadfast::detect
