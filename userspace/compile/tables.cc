// SPDX-License-Identifier: Apache-2.0
#include "compile/tables.h"

#include <algorithm>
#include <set>

#include "base/bug.h"
#include "compile/hash.h"
#include "compile/index.h"
#include "compile/members.h"
#include "compile/ranges.h"
#include "compile/ring.h"
#include "compile/rows.h"

namespace steadfast {
namespace {

bool has_row(const Backend& backend) { return backend.state != BackendState::disabled; }

// Ids whose owner is gone leave first, so that a replacement in the same change
// cannot be handed a number that old flows still name.
void retire(const Model& model, Identities& identities) {
  std::set<ServiceIdentity> services;
  std::set<BackendIdentity> backends;
  for (const Service& service : model.services) {
    if (service.state == ServiceState::parked) continue;
    services.insert(identity_of(service));
    for (const Backend& backend : model.pool_of(service).backends)
      if (has_row(backend)) backends.insert(identity_of(service, backend));
  }
  identities.services.retain(services);
  identities.backends.retain(backends);
}

template <typename Row>
Row& row_at(std::vector<Row>& rows, std::uint32_t id) {
  if (rows.size() <= id) rows.resize(id + 1);
  return rows[id];
}

class Compiler {
 public:
  Compiler(const Model& model, Identities& identities, const NextHops& next_hops, RingCache& rings)
      : model_(model),
        identities_(identities),
        next_hops_(next_hops),
        members_(members_of(model, next_hops)),
        rings_(rings) {}

  Result<Tables> run(std::uint64_t generation) {
    retire(model_, identities_);
    tables_.services.resize(1);
    tables_.backends.resize(1);
    tables_.service_origin.resize(1);
    tables_.backend_origin.resize(1);
    for (std::size_t i = 0; i < model_.services.size(); ++i) {
      if (model_.services[i].state == ServiceState::parked) continue;
      if (auto added = add_service(i); !added) return added.error();
    }
    std::sort(tables_.rings.begin(), tables_.rings.end(),
              [](const TableRing& a, const TableRing& b) { return a.service < b.service; });
    add_ranges();
    std::copy(members_.listed.begin(), members_.listed.end(), tables_.slot.members);
    seal(generation);
    return std::move(tables_);
  }

 private:
  Result<void> add_service(std::size_t at) {
    const Service& service = model_.services[at];
    const std::uint32_t id = identities_.services.assign(identity_of(service));
    if (id == 0) return Error{"no service id is free: ids of removed services are still in use by counters"};
    row_at(tables_.services, id) = service_row(service);
    row_at(tables_.service_origin, id) = {at};
    ++tables_.slot.service_count;
    auto ids = add_backends(at, id);
    if (!ids) return ids.error();
    add_ring(id, service, *ids);
    return {};
  }

  // Ids of the pool's backends for this service, 0 for those without a row.
  Result<std::vector<std::uint16_t>> add_backends(std::size_t at, std::uint32_t service_id) {
    const Service& service = model_.services[at];
    const Pool& pool = model_.pool_of(service);
    std::vector<std::uint16_t> ids(pool.backends.size());
    for (std::size_t i = 0; i < pool.backends.size(); ++i) {
      const Backend& backend = pool.backends[i];
      if (!has_row(backend)) continue;
      const std::uint32_t id = identities_.backends.assign(identity_of(service, backend));
      if (id == 0) return Error{"no backend id is free: flows still name backends that were removed"};
      row_at(tables_.backends, id) = backend_row(model_, service, service_id, backend, hop_to(backend));
      row_at(tables_.backend_origin, id) = {at, service.pool, i};
      ++tables_.slot.backend_count;
      ids[i] = static_cast<std::uint16_t>(id);
    }
    return ids;
  }

  const NextHop* hop_to(const Backend& backend) const {
    const auto found = next_hops_.find(backend.address.value);
    if (found == next_hops_.end() || members_.unlisted.contains(found->second.ifindex)) return nullptr;
    return &found->second;
  }

  void add_ring(std::uint32_t id, const Service& service, const std::vector<std::uint16_t>& ids) {
    const auto& owners = rings_.ring_of(model_.pools[service.pool]);
    if (owners.empty()) return;
    TableRing ring{id, {}};
    ring.backends.reserve(owners.size());
    for (const std::uint16_t owner : owners) ring.backends.push_back(ids[owner]);
    tables_.services[id].active = 1;
    tables_.services[id].ring_mask = static_cast<std::uint32_t>(owners.size() - 1);
    tables_.rings.push_back(std::move(ring));
  }

  void add_ranges() {
    std::vector<std::uint32_t> service_ids(model_.services.size());
    for (std::uint32_t id = 1; id < tables_.service_origin.size(); ++id)
      if (const std::size_t at = tables_.service_origin[id].service; at != SIZE_MAX) service_ids[at] = id;
    RangeTable ranges =
        build_ranges(model_, service_ids, [&](std::size_t service, std::size_t backend) -> std::uint32_t {
          const Service& owner = model_.services[service];
          return identities_.backends.find(identity_of(owner, model_.pool_of(owner).backends[backend]));
        });
    std::copy(&ranges.wide[0][0], &ranges.wide[0][0] + 4, &tables_.slot.wide[0][0]);
    std::copy(std::begin(ranges.prefixes), std::end(ranges.prefixes), tables_.slot.prefixes);
    for (std::uint32_t id = 1; id < tables_.services.size(); ++id) {
      if (id < ranges.sources.size()) tables_.services[id].sources = ranges.sources[id];
      if (id < ranges.server_ids.size()) tables_.services[id].server_ids = ranges.server_ids[id];
    }
    tables_.slot.range_count = static_cast<std::uint32_t>(ranges.rows.size());
    tables_.ranges = std::move(ranges.rows);
  }

  void seal(std::uint64_t generation) {
    const auto key = derive_key("flow", model_.host.hash_seed);
    ServiceIndex index =
        build_index(tables_.services, capacity_for(model_.limits, 1).index_buckets, model_.host.hash_seed);
    tables_.slot.hash_key[0] = key[0];
    tables_.slot.hash_key[1] = key[1];
    tables_.slot.index_key = index.key;
    tables_.slot.index_mask = static_cast<std::uint32_t>(index.buckets.size() - 1);
    tables_.slot.generation = generation;
    tables_.slot.echo_limit = model_.host.echo_per_second;
    tables_.slot.too_big_limit = model_.host.too_big_per_second;
    tables_.index = std::move(index.buckets);
  }

  const Model& model_;
  Identities& identities_;
  const NextHops& next_hops_;
  const Members members_;
  RingCache& rings_;
  Tables tables_;
};

}  // namespace

Result<Tables> compile(const Model& model, std::uint64_t generation, Identities& identities,
                       const NextHops& next_hops, RingCache& rings) {
  auto tables = Compiler(model, identities, next_hops, rings).run(generation);
  rings.forget_unused();
  return tables;
}

Result<Tables> compile(const Model& model, std::uint64_t generation, Identities& identities,
                       const NextHops& next_hops) {
  RingCache rings;
  return compile(model, generation, identities, next_hops, rings);
}

}  // namespace steadfast
