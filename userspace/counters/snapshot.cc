// SPDX-License-Identifier: Apache-2.0
#include "counters/snapshot.h"

#include <map>
#include <utility>

#include "counters/stripes.h"

namespace steadfast {

void Snapshot::add(HealthReport report) {
  health = std::move(report);
  std::map<std::pair<std::string_view, std::string_view>, const BackendHealth*> known;
  for (const PoolHealth& pool : health.pools)
    for (const BackendHealth& backend : pool.backends) known[{pool.name, backend.name}] = &backend;
  for (BackendSnapshot& row : backends)
    if (const auto found = known.find({row.pool, row.name}); found != known.end())
      row.health = *found->second;
}

VerdictCounts Snapshot::total() const {
  VerdictCounts sum = host;
  sum += retired;
  for (const ServiceSnapshot& service : services) sum += service.verdicts;
  return sum;
}

}  // namespace steadfast
