// SPDX-License-Identifier: Apache-2.0
// Stripes: the counters of one id, added up over every CPU. The program is the
// only writer while an id is in use; an id that changes its owner is zeroed
// before, when no packet can count for it.
#pragma once

#include "counters/snapshot.h"
#include "kernel/memory.h"

namespace steadfast {

VerdictCounts service_counts(const Memory& memory, std::uint32_t service);
sf_backend_count backend_counts(const Memory& memory, std::uint32_t backend);

VerdictCounts& operator+=(VerdictCounts& sum, const VerdictCounts& counts);

// For an id that gets a new owner; returns what it had counted.
VerdictCounts zero_service(Memory& memory, std::uint32_t service);
void zero_backend(Memory& memory, std::uint32_t backend);

}  // namespace steadfast
