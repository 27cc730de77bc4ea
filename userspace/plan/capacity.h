// SPDX-License-Identifier: Apache-2.0
// What a change does to the capacity of pools and of failure domains.
//
// Must not enter: what is too much (check/change_capacity.cc).
#pragma once

#include <vector>

#include "plan/plan.h"

namespace steadfast {

// Of the backends that take new flows.
std::uint64_t weight_of(const Pool& pool);

// `before` may be empty. Only what changes, in the order of the file.
std::vector<PoolCapacity> pool_capacities(const Model& before, const Model& after);
// Every label is a domain: whatever an operator groups backends by can fail together.
std::vector<DomainCapacity> domain_capacities(const Model& before, const Model& after);

}  // namespace steadfast
