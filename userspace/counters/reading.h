// SPDX-License-Identifier: Apache-2.0
// Reading: every counter of the packet path at one moment, added up over the CPUs. It is
// taken once a second and lent to whoever judges or keeps what was counted: history,
// recorder, guard, detectors.
//
// Must not enter: whose the ids are.
#pragma once

#include <vector>

#include "counters/stripes.h"

namespace steadfast {

struct Reading {
  std::vector<VerdictCounts> services;  // by id; 0 is the host
  std::vector<BackendCounts> backends;  // by id
};

Reading read_counters(const Memory& memory);

}  // namespace steadfast
