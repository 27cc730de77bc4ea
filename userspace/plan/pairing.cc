// SPDX-License-Identifier: Apache-2.0
#include "plan/pairing.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "compile/identity.h"
#include "compile/precedence.h"

namespace steadfast {
namespace {

using BackendKey = std::pair<Address, std::uint16_t>;

BackendKey key_of(const Backend& backend) {
  return {backend.address.value, backend.port ? backend.port->value : std::uint16_t{0}};
}

// Joins objects without a partner whose keys are alike; the first of several wins.
template <typename Object, typename KeyOf>
void join_by(Pairing& pairing, const std::vector<Object>& before, const std::vector<Object>& after,
             KeyOf key) {
  std::map<decltype(key(before.front())), std::size_t> known;
  for (std::size_t i = 0; i < before.size(); ++i)
    if (pairing.after_of[i] == kNoPartner) known.try_emplace(key(before[i]), i);
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (pairing.before_of[i] != kNoPartner) continue;
    const auto found = known.find(key(after[i]));
    if (found == known.end()) continue;
    pairing.join(found->second, i);
    known.erase(found);
  }
}

// A service of the same name that takes in all it did, and more.
void join_widened(Pairing& pairing, const Model& before, const Model& after) {
  std::map<std::string_view, std::size_t> known;
  for (std::size_t i = 0; i < before.services.size(); ++i)
    if (pairing.after_of[i] == kNoPartner) known.emplace(before.services[i].name, i);
  for (std::size_t i = 0; i < after.services.size() && !known.empty(); ++i) {
    if (pairing.before_of[i] != kNoPartner) continue;
    const auto was = known.find(after.services[i].name);
    if (was != known.end() && covers(after.services[i], before.services[was->second]))
      pairing.join(was->second, i);
  }
}

// Nearly every pool of a change: nothing came, went or moved within it.
bool stand_alike(const Pool& before, const Pool& after) {
  return std::equal(before.backends.begin(), before.backends.end(), after.backends.begin(),
                    after.backends.end(), same_address);
}

std::size_t shared_backends(const Pool& before, const Pool& after) {
  std::map<BackendKey, bool> known;
  for (const Backend& backend : before.backends) known.emplace(key_of(backend), true);
  return static_cast<std::size_t>(
      std::count_if(after.backends.begin(), after.backends.end(),
                    [&](const Backend& backend) { return known.contains(key_of(backend)); }));
}

bool mostly_the_same(const Pool& before, const Pool& after) {
  return shared_backends(before, after) * 2 > std::max(before.backends.size(), after.backends.size());
}

// Pools that were renamed: few, so every one left is compared with every other.
void join_renamed_pools(Pairing& pairing, const Model& before, const Model& after) {
  for (std::size_t i = 0; i < after.pools.size(); ++i)
    for (std::size_t j = 0; j < before.pools.size() && pairing.before_of[i] == kNoPartner; ++j)
      if (pairing.after_of[j] == kNoPartner && mostly_the_same(before.pools[j], after.pools[i]))
        pairing.join(j, i);
}

}  // namespace

bool same_address(const Backend& a, const Backend& b) { return key_of(a) == key_of(b); }

Pairing pair_services(const Model& before, const Model& after) {
  Pairing pairing(before.services.size(), after.services.size());
  join_by(pairing, before.services, after.services,
          [](const Service& service) { return identity_of(service); });
  join_widened(pairing, before, after);
  return pairing;
}

Pairing pair_pools(const Model& before, const Model& after) {
  Pairing pairing(before.pools.size(), after.pools.size());
  join_by(pairing, before.pools, after.pools, [](const Pool& pool) { return std::string_view(pool.name); });
  join_renamed_pools(pairing, before, after);
  return pairing;
}

Pairing pair_backends(const Pool& before, const Pool& after) {
  Pairing pairing(before.backends.size(), after.backends.size());
  if (stand_alike(before, after)) {
    for (std::size_t i = 0; i < after.backends.size(); ++i) pairing.join(i, i);
    return pairing;
  }
  join_by(pairing, before.backends, after.backends, key_of);
  join_by(pairing, before.backends, after.backends,
          [](const Backend& backend) { return std::string_view(backend.name); });
  return pairing;
}

}  // namespace steadfast
