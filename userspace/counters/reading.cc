// SPDX-License-Identifier: Apache-2.0
#include "counters/reading.h"

namespace steadfast {
namespace {

// In the order in which they lie: so the memory is read ahead.
void add_services(const Memory& memory, std::uint32_t cpu, std::vector<VerdictCounts>& services) {
  for (std::uint32_t verdict = 0; verdict < SF_VERDICT_COUNT; ++verdict)
    for (std::uint32_t id = 0; id < services.size(); ++id)
      add_service_count(memory, cpu, id, verdict, services[id][verdict]);
}

}  // namespace

Reading read_counters(const Memory& memory) {
  Reading reading{std::vector<VerdictCounts>(memory.capacity.services),
                  std::vector<BackendCounts>(memory.capacity.backends)};
  for (std::uint32_t cpu = 0; cpu < memory.capacity.cpus; ++cpu) {
    add_services(memory, cpu, reading.services);
    for (std::uint32_t id = 0; id < reading.backends.size(); ++id)
      add_backend_counts(memory, cpu, id, reading.backends[id]);
  }
  return reading;
}

}  // namespace steadfast
