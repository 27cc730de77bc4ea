// SPDX-License-Identifier: Apache-2.0
// The exact share of new flows each backend gets: entries of its ring, counted.
#include <algorithm>
#include <numeric>

#include "check/rules.h"
#include "config/examples.h"

namespace steadfast::rules {
namespace {

// Twice the fair share; small pools may differ more, large ones by five points.
// Nine tenths end it, or a pool of two could send all its users to one backend.
constexpr double kFairTimes = 2;
constexpr double kFairPlus = 0.05;
constexpr double kMost = 0.9;

double default_max_share(double fair) {
  return std::min(std::max(kFairTimes * fair, fair + kFairPlus), kMost);
}

std::uint64_t total(const std::vector<std::uint32_t>& entries) {
  return std::accumulate(entries.begin(), entries.end(), std::uint64_t{0});
}

// A limit below the fair share has no backend to blame.
void report_impossible(const Pool& pool, double fair, std::size_t active, Findings& findings) {
  findings.push_back(make(kShareTooLarge.rule, object_of(pool), pool.max_share->place,
                          "max_share " + percent(**pool.max_share) + " cannot hold: pool \"" + pool.name +
                              "\" has " + counted(active, "backend") + ", a fair share is " + percent(fair)));
}

void report_share(const Pool& pool, const Backend& backend, double share, double limit, Findings& findings) {
  Finding finding =
      make(kShareTooLarge.rule, object_of(pool, backend), backend.weight.place,
           "backend \"" + backend.name + "\" gets " + percent(share) + " of the new flows of pool \"" +
               pool.name + "\", more than " + (pool.max_share ? "max_share " : "") + percent(limit));
  if (pool.max_share) finding.related.push_back({pool.max_share->place, "the limit"});
  findings.push_back(std::move(finding));
}

void find_large_shares_in(const Context& context, std::size_t index, Findings& findings) {
  const Pool& pool = context.model().pools[index];
  const std::size_t active = context.active(index);
  const double fair = 1.0 / static_cast<double>(active);
  const auto& entries = context.entries(index);
  if (pool.max_share && **pool.max_share < fair) return report_impossible(pool, fair, active, findings);
  const double limit = pool.max_share ? **pool.max_share : default_max_share(fair);
  const double ring = static_cast<double>(total(entries));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    // A ring is whole entries: one above the limit is how near it can come.
    if (entries[i] - 1.0 < limit * ring) continue;
    report_share(pool, pool.backends[i], entries[i] / ring, limit, findings);
  }
}

// Hashed by the port asked for, a service cannot use more backends than it has ports.
void find_few_ports(const Context& context, Findings& findings) {
  for (const Service& service : context.model().services) {
    if (service.hash != HashMode::destination_port || !context.is_serving(service.pool)) continue;
    const std::size_t ports = std::size_t{service.last_port} - *service.port + 1;
    if (ports >= context.active(service.pool)) continue;
    findings.push_back(make(kShareTooLarge.rule, object_of(service), service.port.place,
                            "service \"" + service.name + "\" hashes by destination port and has " +
                                counted(ports, "port") + ": at most so many of its " +
                                counted(context.active(service.pool), "backend") + " get any flow"));
  }
}

void find_large_shares(const Context& context, Findings& findings) {
  for (std::size_t i = 0; i < context.model().pools.size(); ++i)
    if (context.is_serving(i) && context.active(i) > 1) find_large_shares_in(context, i, findings);
  find_few_ports(context, findings);
}

void find_no_entries(const Context& context, Findings& findings) {
  for (std::size_t i = 0; i < context.model().pools.size(); ++i) {
    if (!context.is_serving(i) || context.active(i) < 2) continue;
    const Pool& pool = context.model().pools[i];
    const auto& entries = context.entries(i);
    for (std::size_t j = 0; j < entries.size(); ++j) {
      const Backend& backend = pool.backends[j];
      if (entries[j] != 0 || !backend.takes_new_flows()) continue;
      findings.push_back(make(kNoEntries.rule, object_of(pool, backend), backend.weight.place,
                              "backend \"" + backend.name + "\" of weight " +
                                  std::to_string(*backend.weight) + " owns none of the " +
                                  std::to_string(total(entries)) + " ring entries of pool \"" + pool.name +
                                  "\""));
    }
  }
}

}  // namespace

#define SF_EXAMPLE_WEIGHT(weight) \
  "[[pool.backend]]\n"            \
  "name = \"web-03\"\n"           \
  "address = \"10.0.2.12\"\n"     \
  "weight = " weight "\n"

const Check kShareTooLarge{
    {
        "SF404",
        Severity::gate,
        "one backend gets too large a share",
        "a slip in one weight sends most users to one host, which then fails for all of them",
        "correct the weight; if it is meant, set max_share or accept the finding by name",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS SF_EXAMPLE_WEIGHT("2000"),
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS SF_EXAMPLE_WEIGHT("200"),
        "INC-16",
    },
    find_large_shares,
};

const Check kNoEntries{
    {
        "SF406",
        Severity::error,
        "positive weight that gets no traffic",
        "the backend is up, checked and counted, and no user ever reaches it",
        "raise the weight, or set it to 0 on purpose",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL
        "max_share = \"100%\"\n" SF_EXAMPLE_BACKENDS SF_EXAMPLE_WEIGHT("65535") "[[pool.backend]]\n"
                                                                                "name = \"web-04\"\n"
                                                                                "address = \"10.0.2.13\"\n"
                                                                                "weight = 1\n",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS SF_EXAMPLE_WEIGHT("100"),
    },
    find_no_entries,
};

}  // namespace steadfast::rules
