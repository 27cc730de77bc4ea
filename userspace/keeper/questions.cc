// SPDX-License-Identifier: Apache-2.0
#include "keeper/questions.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/bug.h"
#include "compile/rows.h"
#include "probe/record.h"

namespace steadfast {
namespace {

using probe::Check;

constexpr std::chrono::milliseconds kExaminationTime{1000};

// Some server sockets wake up for nothing less than a byte.
constexpr char kDatagram[] = "\n";

Check check_of(const Health& health) {
  Check check;
  check.type = health.type;
  check.path = health.path;
  check.host = health.host;
  if (health.type == HealthType::udp) check.payload = kDatagram;
  return check;
}

std::uint16_t port_of(const Health& health, const Service& service) {
  return health.port ? health.port->value : service.port.value;
}

// Names to objects of one model.
class Index {
 public:
  explicit Index(const Model& model) {
    for (const Service& service : model.services) services_[service.name] = &service;
    for (const Pool& pool : model.pools) {
      pools_[pool.name] = &pool;
      for (const Backend& backend : pool.backends) backends_[{pool.name, backend.name}] = &backend;
    }
  }

  const Service& service(const std::string& name) const { return *services_.at(name); }
  const Pool& pool(const std::string& name) const { return *pools_.at(name); }
  const Backend& backend(const health::Target& t) const { return *backends_.at({t.pool, t.backend}); }
  // Null: there is none of this name.
  const Service* find_service(const std::string& name) const { return find(services_, name); }
  const Backend* find_backend(const std::string& pool, const std::string& name) const {
    return find(backends_, std::pair<std::string_view, std::string_view>(pool, name));
  }

 private:
  template <typename Map, typename Key>
  static typename Map::mapped_type find(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : found->second;
  }

  std::map<std::string_view, const Service*> services_;
  std::map<std::string_view, const Pool*> pools_;
  std::map<std::pair<std::string_view, std::string_view>, const Backend*> backends_;
};

// The services that the checks of each pool ask, as its tasks say.
std::map<std::string, const Service*> first_asked(const std::vector<health::Task>& tasks,
                                                  const Index& index) {
  std::map<std::string, const Service*> first;
  for (const health::Task& task : tasks)
    if (task.target.kind == health::Kind::path)
      first.emplace(task.target.pool, &index.service(task.target.service));
  return first;
}

std::string no_address_for(const Service& service) {
  return "the VIP of service \"" + service.name + "\" is " + (service.vip->is_v4() ? "IPv4" : "IPv6") +
         " and its backends are not: its checks need an address of that family on this host";
}

Question question_of(const Model& model, const health::Target& target, const Service& service,
                     const Index& index, const OwnAddresses& own) {
  const Health& health = *index.pool(target.pool).health;
  const Backend& backend = index.backend(target);
  Question question;
  probe::ProbeRequest& request = question.request;
  request.check = check_of(health);
  request.backend = {backend.address.value, port_of(health, service)};
  request.timeout = health.timeout;
  if (target.kind == health::Kind::address) return question;
  request.path =
      probe::path_to_vip(backend_row(model, service, 0, backend, nullptr), request.check.protocol(),
                         request.backend.port, own.of(service.vip->family));
  if (!request.path) question.problem = no_address_for(service);
  return question;
}

const NextHop* hop_to(const NextHops& hops, const Address& address) {
  const auto found = hops.find(address);
  return found == hops.end() ? nullptr : &found->second;
}

Check examination_of(const Pool& pool, const Service& service) {
  if (pool.health) return check_of(*pool.health);
  Check check;
  if (service.protocol != Protocol::udp) return check;
  check.type = HealthType::udp;
  check.payload = kDatagram;
  return check;
}

Checkup checkup_of(const Model& model, const NextHops& hops, const Service& service, const Backend& backend,
                   const OwnAddresses& own) {
  const Pool& pool = model.pool_of(service);
  Checkup checkup{service.name, pool.name, backend.name, {}};
  probe::Patient& patient = checkup.patient;
  patient.row = backend_row(model, service, 0, backend, hop_to(hops, backend.address.value));
  patient.port = pool.health ? port_of(*pool.health, service) : service.port.value;
  patient.check = examination_of(pool, service);
  patient.may_be_silent = !pool.health && patient.check.is_datagram();
  patient.inner_source = own.of(service.vip->family);
  patient.timeout = pool.health ? std::min(pool.health->timeout, kExaminationTime) : kExaminationTime;
  return checkup;
}

// What runs before a change, and the way of its packets over the hops of the change:
// a next hop that is known only now makes nobody new.
class Before {
 public:
  Before(const Model& model, const NextHops& hops, const OwnAddresses& own)
      : model_(model), hops_(hops), own_(own), index_(model) {}

  // New flows of the service go to a backend of this name by the same packets.
  bool has(const Checkup& checkup) const {
    const Service* service = index_.find_service(checkup.service);
    if (service == nullptr || service->state != ServiceState::active) return false;
    const Backend* backend = index_.find_backend(model_.pool_of(*service).name, checkup.backend);
    if (backend == nullptr || backend->state != BackendState::active) return false;
    const probe::Patient now = checkup_of(model_, hops_, *service, *backend, own_).patient;
    return std::memcmp(&now.row, &checkup.patient.row, sizeof now.row) == 0 &&
           now.port == checkup.patient.port;
  }

 private:
  const Model& model_;
  const NextHops& hops_;
  const OwnAddresses& own_;
  Index index_;
};

}  // namespace

Questions questions_of(const Model& model, const std::vector<health::Task>& tasks, const OwnAddresses& own) {
  const Index index(model);
  const auto first = first_asked(tasks, index);
  Questions questions;
  for (const health::Task& task : tasks) {
    const bool path = task.target.kind == health::Kind::path;
    const Service& service = path ? index.service(task.target.service) : *first.at(task.target.pool);
    questions.emplace(task.target, question_of(model, task.target, service, index, own));
  }
  return questions;
}

std::vector<Checkup> checkups_of(const Model& model, const NextHops& hops, const std::string& pool,
                                 const std::string& backend, const OwnAddresses& own) {
  std::vector<Checkup> checkups;
  const auto services = health::asked_services(model);
  for (std::size_t i = 0; i < model.pools.size(); ++i) {
    if (model.pools[i].name != pool) continue;
    for (const Backend& one : model.pools[i].backends)
      for (const Service* service : services[i])
        if (one.name == backend) checkups.push_back(checkup_of(model, hops, *service, one, own));
  }
  return checkups;
}

std::vector<Checkup> checkups_of_change(const Model& after, const NextHops& hops, const Model* before,
                                        const OwnAddresses& own) {
  std::optional<Before> known;
  if (before != nullptr) known.emplace(*before, hops, own);
  const auto services = health::asked_services(after);
  std::vector<Checkup> checkups;
  for (std::size_t i = 0; i < after.pools.size(); ++i)
    for (const Backend& backend : after.pools[i].backends) {
      if (backend.state != BackendState::active || hop_to(hops, backend.address.value) == nullptr) continue;
      for (const Service* service : services[i]) {
        Checkup checkup = checkup_of(after, hops, *service, backend, own);
        if (!known || !known->has(checkup)) checkups.push_back(std::move(checkup));
      }
    }
  return checkups;
}

}  // namespace steadfast
