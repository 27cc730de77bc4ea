// SPDX-License-Identifier: Apache-2.0
// Views: what one `show` verb shows, taken from a Snapshot. The JSON of the API
// (control/api.h) and the screens (report/screen.h) are two writings of the same
// view, so they cannot disagree.
//
// Must not enter: rendering, and counting that counters/ has not done.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bpf/abi.h"
#include "counters/snapshot.h"
#include "report/answer.h"

namespace steadfast::report {

std::string_view label(sf_verdict verdict);
std::string_view help(sf_verdict verdict);
sf_kind kind(sf_verdict verdict);
std::string_view label(sf_kind kind);
bool is_drop(sf_verdict verdict);
// Decided once the service is known; every other verdict belongs to the host.
bool belongs_to_service(sf_verdict verdict);

struct ServicesView {
  std::uint64_t generation = 0;
  double time_s = 0;
  std::vector<ServiceSnapshot> services;
};

// Over all backends of the service.
struct ServiceFlows {
  std::string service;
  std::uint64_t new_flows = 0;
};

struct BackendsView {
  std::uint64_t generation = 0;
  double time_s = 0;
  std::vector<BackendSnapshot> backends;
  // Of a selection (control/selection.h): how many there are of what was asked for, and
  // every service, whether its backends are among these or not.
  std::optional<std::uint64_t> all;
  std::vector<ServiceFlows> services;
};

// A pool as its services use it: sums over the rows of its backends.
struct PoolSummary {
  std::string name;
  std::vector<std::string> services;
  std::uint32_t backends = 0;  // counted once, however many services use the pool
  std::uint32_t active = 0;
  std::uint32_t drain = 0;
  std::uint32_t disabled = 0;
  std::uint64_t weight = 0;  // of the active ones
  std::uint64_t flows = 0;
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  std::optional<PoolHealth> health;  // none: nobody watches it; without its backends
};

struct PoolsView {
  std::uint64_t generation = 0;
  double time_s = 0;
  std::vector<PoolSummary> pools;
};

struct BackendFlows {
  std::string service;
  std::string pool;
  std::string backend;
  std::string state;
  std::uint64_t flows = 0;
};

struct FlowsView {
  std::uint64_t generation = 0;
  double time_s = 0;
  FlowTableSnapshot table;
  std::vector<BackendFlows> backends;
};

enum class DropScope { host, service, removed };  // removed: of services that are gone
std::string_view name(DropScope scope);

struct Drop {
  DropScope scope = DropScope::host;
  std::string service;  // empty unless the scope is one service
  sf_verdict verdict = SF_TRUNCATED;
  Count count;
};

// Every verdict that dropped at least one packet.
struct DropsView {
  std::uint64_t generation = 0;
  double time_s = 0;
  std::vector<Drop> drops;
};

ServicesView services(const Snapshot& snapshot);
BackendsView backends(const Snapshot& snapshot);
PoolsView pools(const Snapshot& snapshot);
FlowsView flows(const Snapshot& snapshot);
DropsView drops(const Snapshot& snapshot);

// The last change was refused, gated or failed; before the first change it was not.
bool change_went_wrong(const Status& status);

// Packets and bytes of every verdict that drops.
Count dropped(const VerdictCounts& counts);
Count all(const VerdictCounts& counts);

}  // namespace steadfast::report
