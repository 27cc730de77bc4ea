// SPDX-License-Identifier: Apache-2.0
#include "counters/collect.h"

#include <atomic>

#include "base/clock.h"
#include "counters/stripes.h"

namespace steadfast {
namespace {

constexpr double kNanosecondsPerSecond = 1e9;
constexpr std::size_t kBucketsLookedAt = 8192;

// One pass over the flow table: `take` gets each entry's word and its backend. Backend 0 is a flow that was
// forgotten.
template <typename Take>
void for_each_flow(const Memory& memory, Take take) {
  for (const sf_bucket& bucket : memory.flows)
    for (const __u64& way : bucket.way) {
      const __u64 word = std::atomic_ref<__u64>(const_cast<__u64&>(way)).load(std::memory_order_relaxed);
      if (const std::size_t id = word >> SF_FLOW_BACKEND_SHIFT & SF_BACKEND_ID_MAX; id != 0) take(word, id);
    }
}

constexpr std::size_t state_of(std::uint64_t word) { return word >> SF_FLOW_STATE_SHIFT & 0xf; }

// Entries by state, and by backend id.
std::vector<std::uint64_t> count_flows(const Memory& memory, FlowTableSnapshot& table) {
  std::vector<std::uint64_t> by_backend(memory.capacity.backends);
  std::uint64_t by_state[16] = {};
  for_each_flow(memory, [&](std::uint64_t word, std::size_t id) {
    ++by_state[state_of(word)];
    if (id < by_backend.size()) ++by_backend[id];
  });
  table.capacity = memory.flows.size() * SF_WAYS;
  table.bytes = memory.flows.size_bytes();
  table.half_open = by_state[SF_FLOW_HALF_OPEN] + by_state[SF_FLOW_RETRIED] + by_state[SF_FLOW_SEEN];
  table.established = by_state[SF_FLOW_ESTABLISHED] + by_state[SF_FLOW_TALKING];
  table.closing = by_state[SF_FLOW_CLOSING];
  return by_backend;
}

// How long an entry goes on to need its backend if no packet comes: as long as the
// packet path would not displace it (bpf/flow.h); a handshake is given as long as talk.
std::uint32_t counts_for_s(std::uint64_t word, std::uint32_t clock_s) {
  const std::size_t state = state_of(word);
  if (state == SF_FLOW_CLOSING) return 0;
  const std::uint32_t most =
      (state == SF_FLOW_ESTABLISHED ? SF_FLOW_IDLE_S : SF_TALKING_IDLE_S) + SF_FLOW_TOUCH_S;
  const std::uint32_t idle = static_cast<std::uint16_t>(clock_s - (word >> SF_FLOW_AGE_SHIFT));
  return idle < most ? most - idle : 0;
}

std::vector<std::uint32_t> ids_by_service(const Running& running) {
  std::vector<std::uint32_t> ids(running.model.services.size());
  for (std::uint32_t id = 1; id < running.tables.service_origin.size(); ++id) {
    const std::size_t at = running.tables.service_origin[id].service;
    if (at < ids.size()) ids[at] = id;
  }
  return ids;
}

class Collection {
 public:
  Collection(const Memory& memory, const Running& running)
      : memory_(memory), running_(running), model_(running.model), shares_(ring_entries(running.tables)) {
    for (std::uint32_t id = 1; id < running.tables.backend_origin.size(); ++id) {
      const BackendOrigin& origin = running.tables.backend_origin[id];
      if (origin.service != SIZE_MAX) backend_ids_[{origin.service, origin.backend}] = id;
    }
  }

  void run(Snapshot& snapshot) {
    flows_ = count_flows(memory_, snapshot.flows);
    snapshot.host = service_counts(memory_, 0);
    const auto ids = ids_by_service(running_);
    for (std::size_t at = 0; at < model_.services.size(); ++at) {
      snapshot.services.push_back(service(at, ids[at]));
      const Pool& pool = model_.pool_of(model_.services[at]);
      for (std::size_t i = 0; i < pool.backends.size(); ++i)
        snapshot.backends.push_back(backend(at, i, snapshot.services.back()));
    }
    add_retired(snapshot, ids);
  }

 private:
  ServiceSnapshot service(std::size_t at, std::uint32_t id) const {
    const Service& from = model_.services[at];
    ServiceSnapshot to;
    to.name = from.name;
    to.endpoint = from.endpoint();
    to.pool = model_.pool_of(from).name;
    to.forward = name(from.forward.value);
    to.state = name(from.state);
    to.id = id;
    to.place = from.place;
    if (id == 0) return to;
    const sf_service& row = running_.tables.services[id];
    to.ring_entries = row.active != 0 ? row.ring_mask + 1 : 0;
    to.verdicts = service_counts(memory_, id);
    return to;
  }

  BackendSnapshot backend(std::size_t service, std::size_t at, const ServiceSnapshot& owner) const {
    const Backend& from = model_.pool_of(model_.services[service]).backends[at];
    BackendSnapshot to;
    to.service = owner.name;
    to.pool = owner.pool;
    to.name = from.name;
    to.address = from.address->text();
    to.state = name(from.state);
    to.weight = from.weight.value;
    to.place = from.place;
    const auto hop = running_.next_hops.find(from.address.value);
    to.next_hop = hop == running_.next_hops.end() ? "not asked for" : describe(hop->second);
    const auto id = backend_ids_.find({service, at});
    if (id != backend_ids_.end()) count(to, id->second, owner);
    return to;
  }

  void count(BackendSnapshot& to, std::uint32_t id, const ServiceSnapshot& owner) const {
    const BackendCounts counts = backend_counts(memory_, id);
    to.id = id;
    to.ring_share = owner.ring_entries != 0 ? static_cast<double>(shares_[id]) / owner.ring_entries : 0;
    to.next_hop_resolved = running_.tables.backends[id].ethernet[12] != 0;
    to.packets = counts.packets;
    to.bytes = counts.bytes;
    to.new_flows = counts.new_flows;
    to.established = counts.established;
    to.syn_retransmissions = counts.syn_retransmissions;
    to.retried = counts.retried;
    to.midflow = counts.midflow;
    to.untracked = counts.untracked;
    to.flows = flows_[id];
  }

  // Ids in quarantine keep what they counted until somebody else gets them.
  void add_retired(Snapshot& snapshot, const std::vector<std::uint32_t>& owned) const {
    std::vector<bool> used(memory_.capacity.services);
    used[0] = true;
    for (const std::uint32_t id : owned) used[id] = true;
    for (std::uint32_t id = 1; id < memory_.capacity.services; ++id)
      if (!used[id]) snapshot.retired += service_counts(memory_, id);
  }

  const Memory& memory_;
  const Running& running_;
  const Model& model_;
  std::vector<std::uint32_t> shares_;
  std::map<std::pair<std::size_t, std::size_t>, std::uint32_t> backend_ids_;
  std::vector<std::uint64_t> flows_;
};

}  // namespace

double flow_table_fill(const Memory& memory) {
  Memory part = memory;
  part.flows = memory.flows.first(std::min<std::size_t>(memory.flows.size(), kBucketsLookedAt));
  const std::uint32_t clock_s = memory.selector->clock_s;
  std::size_t alive = 0;
  for_each_flow(part,
                [&](std::uint64_t word, std::size_t) { alive += counts_for_s(word, clock_s) != 0 ? 1 : 0; });
  const std::size_t ways = part.flows.size() * SF_WAYS;
  return ways == 0 ? 0 : static_cast<double>(alive) / static_cast<double>(ways);
}

std::vector<std::uint32_t> ring_entries(const Tables& tables) {
  std::vector<std::uint32_t> entries(tables.backends.size());
  for (const TableRing& ring : tables.rings)
    for (const std::uint16_t id : ring.backends) ++entries[id];
  return entries;
}

std::vector<health::FlowsLeft> flows_left(const Memory& memory) {
  std::vector<health::FlowsLeft> left(memory.capacity.backends);
  const std::uint32_t clock_s = memory.selector->clock_s;
  for_each_flow(memory, [&](std::uint64_t word, std::size_t id) {
    const std::uint32_t seconds = counts_for_s(word, clock_s);
    if (seconds == 0 || id >= left.size()) return;
    ++left[id].flows;
    left[id].quiet_in_s = std::max(left[id].quiet_in_s, seconds);
  });
  return left;
}

std::string describe(const NextHop& hop) {
  return hop.resolved() ? hop.destination.text() + " via " + hop.interface : hop.problem;
}

Result<Snapshot> collect(Kernel& kernel, const Running& running, const VerdictCounts& retired) {
  const auto stats = kernel.stats();
  if (!stats) return stats.error();
  Snapshot snapshot;
  snapshot.time_s = unix_now_s();
  snapshot.generation = running.generation;
  snapshot.retired = retired;
  snapshot.program_runs = stats->runs;
  snapshot.program_run_s = static_cast<double>(stats->run_ns) / kNanosecondsPerSecond;
  snapshot.clock_s = kernel.memory().selector->clock_s;
  Collection(kernel.memory(), running).run(snapshot);
  return snapshot;
}

}  // namespace steadfast
