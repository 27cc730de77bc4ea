// SPDX-License-Identifier: Apache-2.0
#include "doctor/kernel_needs.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace steadfast::doctor {
namespace {

std::pair<unsigned, unsigned> numbers_of(std::string_view release) {
  unsigned major = 0, minor = 0;
  const char* end = release.data() + release.size();
  const auto first = std::from_chars(release.data(), end, major);
  if (first.ptr != end) std::from_chars(first.ptr + 1, end, minor);
  return {major, minor};
}

// Checks of one backend that are under way at once: one along the path of each
// service, and one of its own address.
double checks_of(const Model& model, std::size_t pool) {
  double services = 0;
  for (const Service& service : model.services)
    if (service.pool == pool && service.state == ServiceState::active) ++services;
  return services == 0 ? 0 : services + 1;
}

}  // namespace

bool is_older_than_needed(std::string_view release) {
  return numbers_of(release) < numbers_of(kOldestKernel);
}

std::uint64_t files_needed(const Model& model) {
  double probes = 0;
  for (std::size_t i = 0; i < model.pools.size(); ++i) {
    const Pool& pool = model.pools[i];
    if (!pool.health) continue;
    const double busy = std::min(1.0, static_cast<double>(pool.health->timeout.count()) /
                                          static_cast<double>(pool.health->interval.count()));
    probes += busy * checks_of(model, i) * static_cast<double>(pool.backends.size());
  }
  return kOwnFiles + std::min(kMostProbesAtOnce, static_cast<std::uint64_t>(std::ceil(probes)));
}

}  // namespace steadfast::doctor
