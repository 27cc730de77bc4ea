// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/mutants.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include "rehearsal/slips.h"

namespace steadfast::rehearsal {
namespace {

// Any number will do as long as it stays: the score of a file must not change by itself.
constexpr std::uint64_t kSeed = 20260101;

// What of a pool decides who gets which flows. Weights count relative to each
// other, and not at all where one backend gets everything.
std::string behaviour_of(const Pool& pool) {
  std::uint32_t divisor = 0;
  std::size_t takers = 0;
  std::vector<std::string> members;
  for (const Backend& backend : pool.backends) {
    divisor = std::gcd(divisor, backend.weight.value);
    takers += backend.takes_new_flows() ? 1 : 0;
  }
  for (const Backend& backend : pool.backends) {
    const std::uint32_t weight = takers > 1 && divisor != 0 ? backend.weight.value / divisor : 0;
    const char* state = backend.takes_new_flows()                 ? " new "
                        : backend.state == BackendState::disabled ? " none "
                                                                  : " old ";
    members.push_back(backend.address->text() + state + std::to_string(weight));
  }
  std::sort(members.begin(), members.end());
  std::string text;
  for (const std::string& member : members) text += member + ",";
  return text;
}

std::string guards_of(const Pool& pool) {
  std::string text;
  if (pool.min_healthy)
    text += " healthy " + std::to_string(pool.min_healthy->value.value) +
            (pool.min_healthy->value.percent ? "%" : "");
  if (pool.min_backends) text += " backends " + std::to_string(pool.min_backends->value);
  if (pool.max_share) text += " share " + std::to_string(pool.max_share->value);
  if (pool.health)
    text += " health " + std::to_string(pool.health->interval.count()) + "/" +
            std::to_string(pool.health->timeout.count()) + "/" + std::to_string(pool.health->fall);
  return text;
}

bool is_shared_out(const Model& model, const Service& service) {
  const auto& backends = model.pool_of(service).backends;
  return std::count_if(backends.begin(), backends.end(),
                       [](const Backend& backend) { return backend.takes_new_flows(); }) > 1;
}

bool leaves_by(const Model& model, const Service& service, Family family) {
  const auto& backends = model.pool_of(service).backends;
  return service.forward.value != Forward::l2 &&
         std::any_of(backends.begin(), backends.end(),
                     [&](const Backend& backend) { return backend.address->family == family; });
}

std::string flows_of(const Service& service) {
  std::string text(name(service.hash));
  text += (service.remembers_flows ? " track " : " hash-only ") + std::to_string(service.idle_s);
  for (const auto& prefix : service.allow) text += " +" + prefix->text();
  for (const auto& prefix : service.deny) text += " -" + prefix->text();
  return text + " ";
}

// Equal for two models that treat every packet alike. What no service uses decides nothing.
std::string behaviour_of(const Model& model) {
  std::vector<std::string> services;
  std::set<std::string> host;
  for (const Service& service : model.services) {
    if (service.state == ServiceState::parked) continue;
    const Pool& pool = model.pool_of(service);
    services.push_back(service.endpoint() + " " + std::string(name(service.forward.value)) + " " +
                       std::to_string(service.mtu.value_or(0)) + " " + flows_of(service) +
                       behaviour_of(pool) + guards_of(pool));
    if (is_shared_out(model, service)) host.insert("seed " + model.host.hash_seed);
    if (leaves_by(model, service, Family::v4) && model.host.source_v4)
      host.insert("v4 " + (*model.host.source_v4)->text());
    if (leaves_by(model, service, Family::v6) && model.host.source_v6)
      host.insert("v6 " + (*model.host.source_v6)->text());
  }
  std::sort(services.begin(), services.end());
  std::string text;
  for (const std::string& part : host) text += part + "\n";
  for (const std::string& service : services) text += service + "\n";
  return text;
}

// The library's shuffle may differ between machines.
template <typename Item>
void shuffle(std::vector<Item>& items, std::mt19937_64& random) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random() % i]);
}

// Of each kind of mistake its slips in a random order.
std::vector<Slips> slips_by_operation(const Model& model) {
  Slips all;
  add_backend_slips(model, all);
  add_pool_slips(model, all);
  add_service_slips(model, all);
  add_host_slips(model, all);
  std::map<std::string, Slips> groups;
  for (Slip& slip : all) groups[slip.operation].push_back(std::move(slip));
  std::mt19937_64 random(kSeed);
  std::vector<Slips> out;
  for (auto& [operation, slips] : groups) {
    shuffle(slips, random);
    out.push_back(std::move(slips));
  }
  return out;
}

}  // namespace

Result<void> for_each_mutant(const Model& model, std::size_t count,
                             const std::function<Result<void>(const Mutant&)>& visit) {
  const std::vector<Slips> groups = slips_by_operation(model);
  std::set<std::string> known{behaviour_of(model)};
  std::size_t made = 0;
  bool any = true;
  for (std::size_t round = 0; any && made < count; ++round) {
    any = false;
    for (const Slips& slips : groups) {
      if (round >= slips.size() || made == count) continue;
      any = true;
      const Slip& slip = slips[round];
      Mutant mutant{slip.operation, slip.object, slip.change, model};
      slip.apply(mutant.model);
      if (!known.insert(behaviour_of(mutant.model)).second) continue;
      ++made;
      if (auto visited = visit(mutant); !visited) return visited;
    }
  }
  return {};
}

}  // namespace steadfast::rehearsal
