// SPDX-License-Identifier: Apache-2.0
#include "health/targets.h"

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

}  // namespace

std::vector<Task> tasks_of(const Model& model) {
  std::vector<std::vector<const Service*>> users(model.pools.size());
  for (const Service& service : model.services)
    if (service.state == ServiceState::active) users[service.pool].push_back(&service);
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
