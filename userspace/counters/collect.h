// SPDX-License-Identifier: Apache-2.0
// collect(): one Snapshot of a running generation, read from the memory of
// either engine.
#pragma once

#include "compile/tables.h"
#include "counters/snapshot.h"
#include "health/member.h"
#include "health/overlay.h"
#include "kernel/kernel.h"
#include "model/model.h"

namespace steadfast {

// What is running, as the balancer knows it.
struct Running {
  std::uint64_t generation = 0;
  Model model;
  Tables tables;  // of the model with `health` laid over it
  NextHops next_hops;
  health::Overlay health;
};

// `retired`: counts of ids that had another owner before (counters/stripes.h).
Result<Snapshot> collect(Kernel& kernel, const Running& running, const VerdictCounts& retired);

// By backend id: one pass over the whole flow table.
std::vector<health::FlowsLeft> flows_left(const Memory& memory);

// Share (0…1) of the flow table that flows need which are alive, from a part of it that
// every flow is as likely to be in: looking at all of it takes long.
double flow_table_fill(const Memory& memory);

// Ring entries of all services, by backend id.
std::vector<std::uint32_t> ring_entries(const Tables& tables);

// "02:00:00:00:00:01 via eth0", or why there is none.
std::string describe(const NextHop& hop);

}  // namespace steadfast
