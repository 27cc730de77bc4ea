// SPDX-License-Identifier: Apache-2.0
#include "health/floor.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace steadfast::health {
namespace {

// Greater is worse. A last pass counts in steps of ten seconds: within one, the
// phase of the probes decides and not the backend.
auto badness(const Candidate& c) {
  const auto passed = c.last_pass ? std::chrono::floor<std::chrono::seconds>(*c.last_pass).count() / 10 : -1;
  return std::tuple(!c.serving, -passed, c.fails, -c.completion, -static_cast<std::int64_t>(c.weight));
}

}  // namespace

std::size_t floor_of(const Pool& pool, std::size_t active) {
  if (!pool.min_healthy) return std::min<std::size_t>(1, active);
  const config::Amount& amount = **pool.min_healthy;
  const double backends = amount.percent ? amount.value * static_cast<double>(active) / 100 : amount.value;
  return std::min(static_cast<std::size_t>(std::ceil(backends)), active);
}

std::vector<std::size_t> worst_first(std::span<const Candidate> candidates) {
  std::vector<std::size_t> failing;
  for (std::size_t i = 0; i < candidates.size(); ++i)
    if (candidates[i].failing) failing.push_back(i);
  std::stable_sort(failing.begin(), failing.end(), [&](std::size_t a, std::size_t b) {
    return badness(candidates[a]) > badness(candidates[b]);
  });
  return failing;
}

std::vector<std::size_t> kept_by_floor(std::span<const Candidate> candidates, std::size_t floor) {
  const auto good = static_cast<std::size_t>(std::count_if(
      candidates.begin(), candidates.end(), [](const Candidate& c) { return !c.failing && c.proven; }));
  std::vector<std::size_t> kept = worst_first(candidates);
  std::reverse(kept.begin(), kept.end());
  kept.resize(std::min(kept.size(), floor - std::min(floor, good)));
  return kept;
}

}  // namespace steadfast::health
