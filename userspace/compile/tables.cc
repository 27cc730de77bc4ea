// SPDX-License-Identifier: Apache-2.0
#include "compile/tables.h"

#include <algorithm>
#include <bit>
#include <set>

#include "base/bug.h"
#include "compile/hash.h"
#include "compile/index.h"
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
      : model_(model), identities_(identities), next_hops_(next_hops), rings_(rings) {}

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
    seal(generation);
    return std::move(tables_);
  }

 private:
  Result<void> add_service(std::size_t at) {
    const Service& service = model_.services[at];
    const std::uint32_t id = identities_.services.assign(identity_of(service));
    if (id == 0) return Error{"no service id is free: ids of removed services are still in use by counters"};
    row_at(tables_.services, id).key = key_of(service);
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
    return found == next_hops_.end() ? nullptr : &found->second;
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

  void seal(std::uint64_t generation) {
    const auto key = derive_key("flow", model_.host.hash_seed);
    ServiceIndex index =
        build_index(tables_.services, std::bit_ceil(model_.limits.services.value), model_.host.hash_seed);
    tables_.slot.hash_key[0] = key[0];
    tables_.slot.hash_key[1] = key[1];
    tables_.slot.index_key = index.key;
    tables_.slot.index_mask = static_cast<std::uint32_t>(index.buckets.size() - 1);
    tables_.slot.generation = generation;
    tables_.index = std::move(index.buckets);
  }

  const Model& model_;
  Identities& identities_;
  const NextHops& next_hops_;
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
