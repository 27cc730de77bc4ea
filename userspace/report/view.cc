// SPDX-License-Identifier: Apache-2.0
#include "report/view.h"

#include <map>
#include <set>

#include "base/bug.h"

namespace steadfast::report {
namespace {

enum class Action { TX, PASS, DROP };

struct VerdictRow {
  std::string_view label;
  std::string_view help;
  sf_kind kind;
  Action action;
};

constexpr std::array<VerdictRow, SF_VERDICT_COUNT> kVerdicts{{
#define X(symbol, value, action, kind, label, help) {label, help, SF_KIND_##kind, Action::action},
    SF_VERDICTS(X)
#undef X
}};

constexpr std::array kKinds{
#define X(symbol, label, help) std::string_view(label),
    SF_KINDS(X)
#undef X
};

const VerdictRow& row(sf_verdict verdict) {
  invariant(verdict < SF_VERDICT_COUNT, "a verdict is one of the list");
  return kVerdicts[verdict];
}

template <typename View>
View begin(const Snapshot& snapshot) {
  View view;
  view.generation = snapshot.generation;
  view.time_s = snapshot.time_s;
  return view;
}

// Pools in the order in which they are first named.
class PoolSums {
 public:
  explicit PoolSums(std::vector<PoolSummary>& pools) : pools_(pools) {}
  PoolSummary& operator[](const std::string& name) {
    const auto [it, fresh] = index_.emplace(name, pools_.size());
    if (fresh) pools_.emplace_back().name = name;
    return pools_[it->second];
  }

 private:
  std::vector<PoolSummary>& pools_;
  std::map<std::string, std::size_t> index_;
};

void count_member(PoolSummary& pool, const BackendSnapshot& backend) {
  pool.backends++;
  if (backend.state == "active") pool.active++, pool.weight += backend.weight;
  if (backend.state == "drain") pool.drain++;
  if (backend.state == "disabled") pool.disabled++;
}

void add_drops(std::vector<Drop>& drops, DropScope scope, const std::string& service,
               const VerdictCounts& counts) {
  for (std::size_t i = 0; i < counts.size(); i++) {
    const auto verdict = static_cast<sf_verdict>(i);
    if (is_drop(verdict) && counts[i].packets != 0) drops.push_back({scope, service, verdict, counts[i]});
  }
}

template <typename Keep>
Count sum(const VerdictCounts& counts, Keep keep) {
  Count total;
  for (std::size_t i = 0; i < counts.size(); i++) {
    if (!keep(static_cast<sf_verdict>(i))) continue;
    total.packets += counts[i].packets;
    total.bytes += counts[i].bytes;
  }
  return total;
}

}  // namespace

std::string_view label(sf_verdict verdict) { return row(verdict).label; }
std::string_view help(sf_verdict verdict) { return row(verdict).help; }
sf_kind kind(sf_verdict verdict) { return row(verdict).kind; }
std::string_view label(sf_kind kind) { return kKinds[kind]; }
bool is_drop(sf_verdict verdict) { return row(verdict).action == Action::DROP; }

bool belongs_to_service(sf_verdict verdict) {
  return kind(verdict) != SF_KIND_PASSED && kind(verdict) != SF_KIND_SENDER;
}

std::string_view name(DropScope scope) {
  switch (scope) {
    case DropScope::host:
      return "host";
    case DropScope::service:
      return "service";
    case DropScope::removed:
      return "removed";
  }
  bug("a scope of drops without a name");
}

ServicesView services(const Snapshot& snapshot) {
  auto view = begin<ServicesView>(snapshot);
  view.services = snapshot.services;
  return view;
}

BackendsView backends(const Snapshot& snapshot) {
  auto view = begin<BackendsView>(snapshot);
  view.backends = snapshot.backends;
  return view;
}

PoolsView pools(const Snapshot& snapshot) {
  auto view = begin<PoolsView>(snapshot);
  PoolSums sums(view.pools);
  for (const auto& service : snapshot.services) sums[service.pool].services.push_back(service.name);
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& backend : snapshot.backends) {
    PoolSummary& pool = sums[backend.pool];
    if (seen.emplace(backend.pool, backend.name).second) count_member(pool, backend);
    pool.flows += backend.flows;
    pool.packets += backend.packets;
    pool.bytes += backend.bytes;
  }
  for (const PoolHealth& pool : snapshot.health.pools) {
    PoolHealth& health = sums[pool.name].health.emplace(pool);
    health.backends.clear();
  }
  return view;
}

FlowsView flows(const Snapshot& snapshot) {
  auto view = begin<FlowsView>(snapshot);
  view.table = snapshot.flows;
  for (const auto& backend : snapshot.backends)
    view.backends.push_back({backend.service, backend.pool, backend.name, backend.state, backend.flows});
  return view;
}

DropsView drops(const Snapshot& snapshot) {
  auto view = begin<DropsView>(snapshot);
  add_drops(view.drops, DropScope::host, {}, snapshot.host);
  for (const auto& service : snapshot.services)
    add_drops(view.drops, DropScope::service, service.name, service.verdicts);
  add_drops(view.drops, DropScope::removed, {}, snapshot.retired);
  return view;
}

bool change_went_wrong(const Status& status) {
  const std::string& verdict = status.last_apply_verdict;
  return verdict == "refused" || verdict == "gated" || verdict == "failed";
}

Count dropped(const VerdictCounts& counts) { return sum(counts, is_drop); }
Count all(const VerdictCounts& counts) {
  return sum(counts, [](sf_verdict) { return true; });
}

}  // namespace steadfast::report
