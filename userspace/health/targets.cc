// SPDX-License-Identifier: Apache-2.0
#include "health/targets.h"

#include <algorithm>

namespace steadfast::health {
namespace {

Task address_task(const Pool& pool, const Backend& backend) {
  const bool decisive = pool.health->independent;
  return {{pool.name, backend.name, Kind::address, ""},
          pool.health->interval * (decisive ? 1 : kSecondOpinion),
          decisive};
}

Task path_task(const Pool& pool, const Backend& backend, const Service& service) {
  const bool decisive = !pool.health->independent;
  return {{pool.name, backend.name, Kind::path, service.name},
          pool.health->interval * (decisive ? 1 : kSecondOpinion),
          decisive};
}

Protocol protocol_of(const Health& health) {
  return health.type == HealthType::udp || health.type == HealthType::dns ? Protocol::udp : Protocol::tcp;
}

// A TCP check of a pool that serves TCP and QUIC asks what speaks TCP.
void keep_askable(const Pool& pool, std::vector<const Service*>& services) {
  if (!pool.health) return;
  const auto speaks = [&](const Service* service) { return service->protocol == protocol_of(*pool.health); };
  if (std::any_of(services.begin(), services.end(), speaks))
    std::erase_if(services, [&](const Service* service) { return !speaks(service); });
}

}  // namespace

std::vector<std::vector<const Service*>> asked_services(const Model& model) {
  std::vector<std::vector<const Service*>> services(model.pools.size());
  for (const Service& service : model.services)
    if (service.state == ServiceState::active) services[service.pool].push_back(&service);
  for (std::size_t i = 0; i < model.pools.size(); ++i) keep_askable(model.pools[i], services[i]);
  return services;
}

std::vector<Task> tasks_of(const Model& model) {
  const std::vector<std::vector<const Service*>> users = asked_services(model);
  std::vector<Task> tasks;
  for (std::size_t i = 0; i < model.pools.size(); ++i) {
    const Pool& pool = model.pools[i];
    if (!pool.health || users[i].empty()) continue;
    for (const Backend& backend : pool.backends) {
      if (backend.state == BackendState::disabled) continue;
      tasks.push_back(address_task(pool, backend));
      for (const Service* service : users[i]) tasks.push_back(path_task(pool, backend, *service));
    }
  }
  return tasks;
}

}  // namespace steadfast::health
