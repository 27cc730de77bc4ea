// SPDX-License-Identifier: Apache-2.0
// Guards that are loosened by the very change they would have stopped. It takes
// two changes to do both, so that each can be seen for what it is.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "check/change_examples.h"
#include "check/change_rules.h"
#include "check/context.h"
#include "compile/ring.h"

namespace steadfast::rules {
namespace {

std::size_t takers(const Pool& pool) {
  return static_cast<std::size_t>(
      std::count_if(pool.backends.begin(), pool.backends.end(),
                    [](const Backend& backend) { return backend.takes_new_flows(); }));
}

// A pool before and after the change.
struct Pair {
  const Pool& before;
  const Pool& after;
};

void report(const Pair& pair, const char* guard, Place guard_place, const std::string& violation,
            Findings& findings) {
  const bool removed = !guard_place;
  findings.push_back(make(kGuardRelaxed.rule, object_of(pair.after), removed ? pair.after.place : guard_place,
                          std::string(guard) + " of pool \"" + pair.after.name + "\" is " +
                              (removed ? "removed" : "relaxed") +
                              " in the change it would have stopped: " + violation));
}

// Of the backends the pool had: a share of what is left would shrink with it.
double floor_of(const config::Amount& amount, const Pool& pool) {
  if (!amount.percent) return amount.value;
  return std::ceil(amount.value * static_cast<double>(takers(pool)) / 100);
}

void find_min_healthy(const Pair& pair, Findings& findings) {
  if (!pair.before.min_healthy) return;
  const double floor = floor_of(**pair.before.min_healthy, pair.before);
  const bool relaxed = !pair.after.min_healthy || floor_of(**pair.after.min_healthy, pair.before) < floor;
  if (!relaxed || static_cast<double>(takers(pair.after)) >= floor) return;
  report(pair, "min_healthy", pair.after.min_healthy ? pair.after.min_healthy->place : Place{},
         counted(takers(pair.after), "backend") + " of " + std::to_string(takers(pair.before)) +
             " would be left, it asks for " + std::to_string(static_cast<std::size_t>(floor)),
         findings);
}

void find_min_backends(const Pair& pair, Findings& findings) {
  if (!pair.before.min_backends) return;
  const std::uint32_t least = **pair.before.min_backends;
  const bool relaxed = !pair.after.min_backends || **pair.after.min_backends < least;
  if (!relaxed || takers(pair.after) >= least) return;
  report(pair, "min_backends", pair.after.min_backends ? pair.after.min_backends->place : Place{},
         counted(takers(pair.after), "backend") + " would be left, it asks for " + std::to_string(least),
         findings);
}

struct Largest {
  std::string backend;
  double share = 0;
  bool above = false;  // the limit, by more than the one entry that rounding may give
};

Largest largest_share(const Pool& pool, double limit) {
  const auto entries = exact_entries(pool);
  const auto most = std::max_element(entries.begin(), entries.end());
  if (most == entries.end() || *most == 0) return {};
  const auto ring = static_cast<double>(std::accumulate(entries.begin(), entries.end(), std::uint64_t{0}));
  return {pool.backends[static_cast<std::size_t>(most - entries.begin())].name, *most / ring,
          *most - 1.0 >= limit * ring};
}

void find_max_share(const Pair& pair, Findings& findings) {
  if (!pair.before.max_share) return;
  const double limit = **pair.before.max_share;
  if (pair.after.max_share && **pair.after.max_share <= limit) return;
  const Largest largest = largest_share(pair.after, limit);
  if (!largest.above) return;
  report(pair, "max_share", pair.after.max_share ? pair.after.max_share->place : Place{},
         "backend \"" + largest.backend + "\" would get " + percent(largest.share) + ", it allows " +
             percent(limit),
         findings);
}

// Whether a new host answers is what only the check can tell.
void find_health(const Pair& pair, Findings& findings) {
  if (!pair.before.health || pair.after.health) return;
  const Pairing pairing = pair_backends(pair.before, pair.after);
  std::size_t untested = 0;
  for (std::size_t i = 0; i < pair.after.backends.size(); ++i) {
    const std::size_t was = pairing.before_of[i];
    const bool known = was != kNoPartner && same_address(pair.before.backends[was], pair.after.backends[i]);
    untested += known || !pair.after.backends[i].takes_new_flows() ? 0 : 1;
  }
  if (untested == 0) return;
  report(pair, "health", {}, counted(untested, "new backend") + " would get users without ever being checked",
         findings);
}

void find_relaxed_guards(const ChangeContext& context, Findings& findings) {
  const auto& pools = context.after().pools;
  for (std::size_t i = 0; i < pools.size(); ++i) {
    const std::size_t was = context.pools().before_of[i];
    if (was == kNoPartner) continue;
    const Pair pair{context.before().pools[was], pools[i]};
    find_min_healthy(pair, findings);
    find_min_backends(pair, findings);
    find_max_share(pair, findings);
    find_health(pair, findings);
  }
}

}  // namespace

#define SF_EXAMPLE_GUARDED(least, last)                                                               \
  SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL "min_backends = " least "\n" SF_EXAMPLE_BACKEND( \
      "1", "") SF_EXAMPLE_BACKEND("2", "") SF_EXAMPLE_BACKEND("3", last)

const ChangeCheck kGuardRelaxed{
    {
        "SF510",
        Severity::error,
        "guard relaxed in the change it guards against",
        "the one thing that would have stopped a bad change is switched off by it",
        "relax the guard in a change of its own, then make the other one",
        SF_EXAMPLE_GUARDED("2", SF_EXAMPLE_DRAIN),
        SF_EXAMPLE_GUARDED("2", ""),
        {},
        SF_EXAMPLE_GUARDED("3", ""),
    },
    true,
    find_relaxed_guards,
};

}  // namespace steadfast::rules
