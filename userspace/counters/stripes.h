// SPDX-License-Identifier: Apache-2.0
// Stripes: the counters of one id, added up over every CPU. The program is the
// only writer while an id is in use; an id that changes its owner is zeroed
// before, when no packet can count for it.
#pragma once

#include "counters/snapshot.h"
#include "kernel/memory.h"

namespace steadfast {

struct BackendCounts {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::uint64_t new_flows = 0;
  std::uint64_t established = 0;
  std::uint64_t syn_retransmissions = 0;
  std::uint64_t retried = 0;  // flows whose SYN came again
  std::uint64_t midflow = 0;
  std::uint64_t untracked = 0;
  bool operator==(const BackendCounts&) const = default;
};

VerdictCounts service_counts(const Memory& memory, std::uint32_t service);
BackendCounts backend_counts(const Memory& memory, std::uint32_t backend);
// The same of one CPU, to be added up by who reads them all (reading.h).
void add_service_count(const Memory& memory, std::uint32_t cpu, std::uint32_t service, std::uint32_t verdict,
                       Count& sum);
void add_backend_counts(const Memory& memory, std::uint32_t cpu, std::uint32_t backend, BackendCounts& sum);

VerdictCounts& operator+=(VerdictCounts& sum, const VerdictCounts& counts);

// For an id that gets a new owner; returns what it had counted.
VerdictCounts zero_service(Memory& memory, std::uint32_t service);
void zero_backend(Memory& memory, std::uint32_t backend);

}  // namespace steadfast
