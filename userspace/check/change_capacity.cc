// SPDX-License-Identifier: Apache-2.0
// Changes that leave too little to serve with.
#include <algorithm>
#include <optional>

#include "bpf/abi.h"
#include "check/change_examples.h"
#include "check/change_rules.h"
#include "check/context.h"

namespace steadfast::rules {
namespace {

constexpr double kMostLost = 0.25;
// Of what a pool had lately, when it does not say itself how much it needs.
constexpr double kLeastKept = 0.25;
constexpr double kHeadroomFactor = 1.2;
constexpr double kFillWarning = 0.8;

struct PoolPlace {
  std::size_t before = kNoPartner;
  Place place;       // in the new file
  Place was_placed;  // in the running file
};

PoolPlace find_pool(const ChangeContext& context, const std::string& name) {
  const auto named = [&](const Pool& pool) { return pool.name == name; };
  const auto& after = context.after().pools;
  const auto& before = context.before().pools;
  const auto is = std::find_if(after.begin(), after.end(), named);
  if (is != after.end())
    return {context.pools().before_of[static_cast<std::size_t>(is - after.begin())], is->place, {}};
  const auto was = std::find_if(before.begin(), before.end(), named);
  if (was == before.end()) return {};
  return {static_cast<std::size_t>(was - before.begin()), {}, was->place};
}

// A pool that serves nobody has nothing to lose.
bool served(const Model& model, std::size_t pool) {
  return std::any_of(model.services.begin(), model.services.end(), [&](const Service& service) {
    return service.pool == pool && service.state == ServiceState::active;
  });
}

std::uint64_t recent_weight(const ChangeContext& context, const PoolCapacity& pool) {
  const auto recent = context.facts().recent_weight.find(pool.pool);
  return recent == context.facts().recent_weight.end() ? 0 : recent->second;
}

std::string in_one_step(const PoolCapacity& pool, const PoolPlace& at) {
  std::string what = "pool \"" + pool.pool + "\"" + running_line(at.was_placed);
  if (!at.place) what += " is removed: it";
  return what + " loses " + percent(pool.lost()) + " of the weight that takes new flows (" +
         std::to_string(pool.weight_before) + " → " + std::to_string(pool.weight_after) + ") and " +
         counted(pool.backends_lost, "backend") + " of " + std::to_string(pool.backends_before);
}

std::string in_many_steps(const PoolCapacity& pool, std::uint64_t recent) {
  const double left = static_cast<double>(pool.weight_after) / static_cast<double>(recent);
  return "many small changes add up: pool \"" + pool.pool + "\" would keep " + percent(left) +
         " of the weight it had a short while ago (" + std::to_string(recent) + " → " +
         std::to_string(pool.weight_after) + ")";
}

// Everyday changes one after the other may take a pool down to its own floor.
bool below_floor(const Pool& pool, const PoolCapacity& capacity, std::uint64_t recent) {
  if (pool.min_healthy && !(**pool.min_healthy).percent)
    return static_cast<double>(capacity.backends_after) < (**pool.min_healthy).value;
  const double least = pool.min_healthy ? (**pool.min_healthy).value / 100 : kLeastKept;
  return static_cast<double>(capacity.weight_after) < least * static_cast<double>(recent);
}

void find_shrinking_pools(const ChangeContext& context, Findings& findings) {
  for (const PoolCapacity& pool : context.plan().pools) {
    const PoolPlace at = find_pool(context, pool.pool);
    if (pool.lost() == 0 || at.before == kNoPartner || !served(context.before(), at.before)) continue;
    const std::uint64_t recent = recent_weight(context, pool);
    std::string message;
    if (pool.lost() > kMostLost && pool.backends_lost > 1)
      message = in_one_step(pool, at);
    else if (recent > pool.weight_before && below_floor(context.before().pools[at.before], pool, recent))
      message = in_many_steps(pool, recent);
    else
      continue;
    findings.push_back(make(kPoolShrinks.rule, "pool/" + pool.pool, at.place, std::move(message)));
  }
}

// Nothing when a backend does not say what it can take: a sum with a hole is no sum.
std::optional<std::uint64_t> capacity_of(const Pool& pool) {
  std::uint64_t sum = 0;
  for (const Backend& backend : pool.backends) {
    if (!backend.takes_new_flows()) continue;
    if (!backend.capacity) return std::nullopt;
    sum += **backend.capacity;
  }
  return sum;
}

double peak_of(const ChangeContext& context, std::size_t pool) {
  double peak = 0;
  for (const Service& service : context.after().services)
    if (service.pool == pool && service.state == ServiceState::active)
      peak += context.traffic().of(service.endpoint()).peak_packets_per_s;
  return peak;
}

void find_little_headroom(const ChangeContext& context, Findings& findings) {
  if (!context.traffic().known) return;
  for (std::size_t i = 0; i < context.after().pools.size(); ++i) {
    const Pool& pool = context.after().pools[i];
    const auto capacity = capacity_of(pool);
    const double peak = peak_of(context, i);
    if (!capacity || static_cast<double>(*capacity) >= peak * kHeadroomFactor) continue;
    findings.push_back(make(kHeadroom.rule, object_of(pool), pool.place,
                            "the backends of pool \"" + pool.name + "\" take " +
                                quantity(static_cast<double>(*capacity)) +
                                " packets/s; the peak of its services was " + quantity(peak) +
                                ", with headroom " + quantity(peak * kHeadroomFactor)));
  }
}

double peak_new_flows(const ChangeContext& context) {
  double peak = 0;
  for (const Service& service : context.after().services)
    peak += context.traffic().of(service.endpoint()).peak_new_flows_per_s;
  return peak;
}

// A table that is too small already must not stand in the way of a drain.
bool makes_it_worse(const ChangeContext& context) {
  return !context.has_base() || *context.after().limits.flows < *context.before().limits.flows;
}

void find_flow_table_fill(const ChangeContext& context, Findings& findings) {
  if (!context.traffic().known) return;
  const auto& limit = context.after().limits.flows;
  const double peak = peak_new_flows(context);
  const double fill = peak * SF_FLOW_IDLE_S / static_cast<double>(*limit);
  if (fill <= kFillWarning) return;
  Finding finding = make(kFlowTableFill.rule, "limits", limit.place,
                         "at its peak of " + quantity(peak) + " new flows/s, kept for " +
                             std::to_string(SF_FLOW_IDLE_S) + " s, the flow table would be " + percent(fill) +
                             " full; limits.flows is " + quantity(static_cast<double>(*limit)));
  if (fill > 1 && makes_it_worse(context)) finding.severity = Severity::gate;
  findings.push_back(std::move(finding));
}

}  // namespace

#define SF_EXAMPLE_CAPACITY(capacity)                                    \
  SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_BACKEND( \
      "1", "capacity = \"" capacity "\"\n") SF_EXAMPLE_BACKEND("2", "capacity = \"" capacity "\"\n")

const ChangeCheck kHeadroom{
    {
        "SF407",
        Severity::warn,
        "less capacity than the recorded peak asks for",
        "at the next peak the backends are overrun, one after the other",
        "add backends, or undrain some before the peak",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_BACKEND("1", "capacity = \"1K\"\n")
            SF_EXAMPLE_BACKEND("2", "capacity = \"1K\"\n" SF_EXAMPLE_DRAIN),
        SF_EXAMPLE_CAPACITY("2K"),
        {},
        SF_EXAMPLE_CAPACITY("1K"),
    },
    false,
    find_little_headroom,
};

const ChangeCheck kPoolShrinks{
    {
        "SF501",
        Severity::gate,
        "pool loses a large part of its capacity at once",
        "the backends that stay get the load of those that go, and fail under it in turn",
        "take the backends out one by one and watch the others; if it is meant, accept it by name",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_FIVE_AND(SF_EXAMPLE_DRAIN,
                                                                               SF_EXAMPLE_DRAIN),
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_FIVE_AND(SF_EXAMPLE_DRAIN, ""),
        "INC-03",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_SIX,
    },
    true,
    find_shrinking_pools,
};

// No file has a peak: the tests bring one.
const ChangeCheck kFlowTableFill{
    {
        "SF604",
        Severity::warn,
        "flow table too small for the recorded peak",
        "flows that find no room are not remembered, and move whenever their ring changes",
        "raise limits.flows: a flow takes 8 bytes",
        {},
        {},
    },
    false,
    find_flow_table_fill,
};

}  // namespace steadfast::rules
