// SPDX-License-Identifier: Apache-2.0
// What a board tells: its alerts and its view.
#include <algorithm>

#include "base/bug.h"
#include "health/board.h"

namespace steadfast::health {
namespace {

struct Description {
  std::string_view label, code;
};

constexpr Description kAlerts[] = {
#define X(symbol, label, code, help) {label, code},
    SF_HEALTH_ALERTS(X)
#undef X
};

const Description& describe(AlertKind kind) {
  const auto at = static_cast<std::size_t>(kind);
  invariant(at < std::size(kAlerts), "an alert that the list does not know");
  return kAlerts[at];
}

std::size_t serving(const PoolWatch& pool) {
  std::size_t sum = 0;
  for (const Member& member : pool.members()) sum += member.active && member.in ? 1 : 0;
  return sum;
}

std::string of_active(std::size_t number, const PoolWatch& pool) {
  return std::to_string(number) + " of " + std::to_string(pool.active()) + " backends";
}

Alert floor_alert(const PoolWatch& pool) {
  return {AlertKind::floor, object_of(pool.pool()),
          "pool \"" + pool.pool().name +
              "\" runs on its floor: " + of_active(pool.active() - pool.healthy(), pool) + " fail, and " +
              std::to_string(pool.needed()) + " must stay"};
}

Alert together_alert(const PoolWatch& pool) {
  return {AlertKind::together, object_of(pool.pool()),
          "more than a quarter of pool \"" + pool.pool().name +
              "\" completes too few handshakes: look at what its backends share, or at the way back"};
}

void add_pool_alerts(const PoolWatch& pool, std::vector<Alert>& alerts) {
  if (pool.on_floor()) alerts.push_back(floor_alert(pool));
  if (pool.together()) alerts.push_back(together_alert(pool));
  for (const Member& member : pool.members())
    if (member.active && (member.state == State::deaf ||
                          (member.assessment.failing && member.assessment.state == State::deaf)))
      alerts.push_back(
          {AlertKind::deaf, "backend/" + pool.pool().name + "/" + member.name,
           "backend \"" + member.name + "\" of pool \"" + pool.pool().name + "\" is deaf: " + member.detail});
}

BackendView view_of(const Member& m, const PoolWatch& pool, Time now) {
  const bool independent = pool.pool().health && pool.pool().health->independent;
  return {m.name,
          m.state,
          m.reason,
          m.detail,
          m.since,
          m.active ? m.share(now) : Share{false, 0, m.reason},
          m.watch.last(independent),
          m.flows,
          m.completion()};
}

bool is_well(const Member& member) { return member.state == State::up && member.active && member.in; }

PoolView view_of(const PoolWatch& pool) {
  return {pool.pool().name, pool.active(), pool.healthy(), serving(pool), pool.needed(), pool.on_floor(), {}};
}

}  // namespace

std::string_view name(AlertKind kind) { return describe(kind).label; }
std::string_view code_of(AlertKind kind) { return describe(kind).code; }

std::vector<Alert> Board::alerts() const {
  std::vector<Alert> alerts;
  if (cause_.cause() == LocalCause::Cause::all_fail)
    alerts.push_back(
        {AlertKind::local_cause, "host",
         "every pool's checks fail at once: the cause is on this host, a netfilter rule perhaps (SF712); "
         "health changes are frozen"});
  if (cause_.cause() == LocalCause::Cause::no_probe_leaves)
    alerts.push_back({AlertKind::local_cause, "host",
                      "no probe can be sent: the cause is on this host; health changes are frozen"});
  for (const PoolWatch& pool : pools_) add_pool_alerts(pool, alerts);
  return alerts;
}

View Board::view(Time now) const {
  View view{cause_.cause(), cause_.since(), {}};
  for (const PoolWatch& pool : pools_) {
    PoolView& to = view.pools.emplace_back(view_of(pool));
    to.backends.reserve(pool.members().size());
    for (const Member& member : pool.members()) to.backends.push_back(view_of(member, pool, now));
  }
  return view;
}

View Board::view_of_unwell(Time now) const {
  View view{cause_.cause(), cause_.since(), {}};
  for (const PoolWatch& pool : pools_) {
    if (std::all_of(pool.members().begin(), pool.members().end(), is_well)) continue;
    PoolView& to = view.pools.emplace_back(view_of(pool));
    for (const Member& member : pool.members())
      if (!is_well(member)) to.backends.push_back(view_of(member, pool, now));
  }
  return view;
}

}  // namespace steadfast::health
