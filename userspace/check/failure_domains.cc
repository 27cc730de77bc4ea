// SPDX-License-Identifier: Apache-2.0
// What is left of a pool when a rack or a zone is lost.
#include <algorithm>
#include <cmath>
#include <map>

#include "check/rules.h"
#include "config/examples.h"

namespace steadfast::rules {
namespace {

// Backends that must stay for the pool to serve.
std::size_t floor_of(const Pool& pool, std::size_t active) {
  const config::Amount& floor = **pool.min_healthy;
  const double backends = floor.percent ? floor.value * static_cast<double>(active) / 100 : floor.value;
  return static_cast<std::size_t>(std::ceil(backends));
}

// Active backends by the label's value; a backend without it fails alone.
std::map<std::string, std::size_t> domains(const Pool& pool, const std::string& label) {
  std::map<std::string, std::size_t> sizes;
  for (const Backend& backend : pool.backends) {
    const auto value = backend.labels.find(label);
    if (backend.takes_new_flows() && value != backend.labels.end()) ++sizes[value->second];
  }
  return sizes;
}

void find_failure_domain(const Pool& pool, std::size_t active, const std::string& label, Findings& findings) {
  const auto sizes = domains(pool, label);
  const auto largest = std::max_element(sizes.begin(), sizes.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
  if (largest == sizes.end()) return;
  const std::size_t left = active - largest->second;
  const std::size_t floor = floor_of(pool, active);
  if (left >= floor) return;
  findings.push_back(make(kFailureDomain.rule, object_of(pool), pool.min_healthy->place,
                          "losing " + label + " \"" + largest->first + "\" leaves " + std::to_string(left) +
                              " of " + counted(active, "backend") + " of pool \"" + pool.name +
                              "\", fewer than the " + std::to_string(floor) + " of min_healthy"));
}

void find_failure_domains(const Context& context, Findings& findings) {
  for (std::size_t i = 0; i < context.model().pools.size(); ++i) {
    const Pool& pool = context.model().pools[i];
    if (!context.is_serving(i) || !pool.min_healthy) continue;
    for (const char* label : {"rack", "zone"}) find_failure_domain(pool, context.active(i), label, findings);
  }
}

}  // namespace

#define SF_EXAMPLE_RACKS(rack)   \
  "[[pool.backend]]\n"           \
  "name = \"web-01\"\n"          \
  "address = \"10.0.2.10\"\n"    \
  "weight = 100\n"               \
  "labels = { rack = \"r1\" }\n" \
  "[[pool.backend]]\n"           \
  "name = \"web-02\"\n"          \
  "address = \"10.0.2.11\"\n"    \
  "weight = 100\n"               \
  "labels = { rack = \"r1\" }\n" \
  "[[pool.backend]]\n"           \
  "name = \"web-03\"\n"          \
  "address = \"10.0.2.12\"\n"    \
  "weight = 100\n"               \
  "labels = { rack = \"" rack    \
  "\" }\n"                       \
  "[[pool.backend]]\n"           \
  "name = \"web-04\"\n"          \
  "address = \"10.0.2.13\"\n"    \
  "weight = 100\n"               \
  "labels = { rack = \"r2\" }\n"

const Check kFailureDomain{
    {
        "SF408",
        Severity::warn,
        "one rack or zone too many backends stand in",
        "losing it leaves fewer backends than the pool needs: the rest are overrun",
        "spread the backends, or lower min_healthy",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_RACKS("r1"),
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_RACKS("r2"),
    },
    find_failure_domains,
};

}  // namespace steadfast::rules
