// SPDX-License-Identifier: Apache-2.0
// Plan: what a change would do, before anything is done. Shares are exact: ring
// entries of both generations are enumerated, not sampled, and weighted by the
// live packets per second of each service.
//
// Must not enter: judgement (check/change.h), the kernel, clocks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compile/next_hop.h"
#include "model/model.h"
#include "plan/difference.h"
#include "plan/traffic.h"

namespace steadfast {

// Of the new flows of one service that the running generation or the next one has.
struct ServiceMovement {
  std::string service;   // name, in the new file unless it was removed
  std::string endpoint;  // "tcp 192.0.2.10:443"
  Place place;           // in the new file; none when removed
  double packets_per_s = 0;
  double moved = 0;         // share (0…1) that gets another backend than now
  double dropped = 0;       // share (0…1) that is forwarded now and would not be
  bool serves_now = false;  // runs and is not parked
  double recovered = 0;     // share (0…1) that is not forwarded now and would be
  double refused = 0;       // of `dropped`: share of the addresses that allow and deny turn away
  // Of one that goes or is parked: the wider service that takes all of its packets.
  std::string heir = {};
  std::string heir_endpoint = {};
  // Of one that comes or is unparked: the wider service that has its packets now.
  std::string donor = {};
  // Under which its packets are counted now, where that is another one.
  std::string counted_as = {};

  const std::string& counted() const { return counted_as.empty() ? endpoint : counted_as; }
};

// Weight of the backends that take new flows.
struct PoolCapacity {
  std::string pool;
  std::uint64_t weight_before = 0, weight_after = 0;
  std::size_t backends_before = 0, backends_after = 0;
  std::size_t backends_lost = 0;  // that keep less than half of their share; 0 when weight grew
  double lost() const;            // share (0…1); 0 when it grew
};

struct DomainCapacity {
  std::string label;  // "rack", "zone", …
  std::string value;  // "r2"
  std::uint64_t weight_before = 0, weight_after = 0;
  std::size_t backends_before = 0, backends_after = 0;
  double lost() const;
};

struct Plan {
  std::vector<ObjectChange> objects;
  std::vector<ServiceMovement> services;  // every one of either generation
  std::vector<PoolCapacity> pools;        // those whose capacity changes
  std::vector<DomainCapacity> domains;    // those whose capacity changes
  bool weighted = false;                  // by live traffic; otherwise every service counts alike
  double moved = 0;                       // share of this host's new flows
  double dropped = 0;
};

// One generation to compare: `next_hops` may be null, every next hop then counts as resolved.
struct PlanSide {
  const Model* model = nullptr;
  const NextHops* next_hops = nullptr;
};

// `before.model` may be null (nothing runs yet): everything is then added, nothing moves.
Plan make_plan(const PlanSide& before, const PlanSide& after, const Traffic& traffic);

}  // namespace steadfast
