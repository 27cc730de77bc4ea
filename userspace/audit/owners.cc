// SPDX-License-Identifier: Apache-2.0
#include "audit/owners.h"

namespace steadfast::audit {
namespace {

Owner owner(const Service& service) { return {object_of(service), service.place}; }

bool holds(const sf_span& span, std::uint32_t row) {
  return row >= span.first && row - span.first < span.count;
}

}  // namespace

Owner owner_of_service(const Written& written, std::uint64_t id) {
  const auto& origins = written.tables->service_origin;
  if (id >= origins.size() || origins[id].service >= written.model->services.size()) return {};
  return owner(written.model->services[origins[id].service]);
}

Owner owner_of_backend(const Written& written, std::uint64_t id) {
  const auto& origins = written.tables->backend_origin;
  if (id >= origins.size() || origins[id].pool >= written.model->pools.size()) return {};
  const Pool& pool = written.model->pools[origins[id].pool];
  const Backend& backend = pool.backends[origins[id].backend];
  return {object_of(pool, backend), backend.place};
}

Owner owner_of_range(const Written& written, std::uint32_t row) {
  const auto& services = written.tables->services;
  for (std::uint32_t id = 1; id < services.size(); ++id)
    if (holds(services[id].sources, row) || holds(services[id].server_ids, row))
      return owner_of_service(written, id);
  return {};
}

}  // namespace steadfast::audit
