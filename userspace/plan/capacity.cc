// SPDX-License-Identifier: Apache-2.0
#include "plan/capacity.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "plan/pairing.h"

namespace steadfast {
namespace {

double lost_share(std::uint64_t before, std::uint64_t after) {
  return after >= before ? 0 : static_cast<double>(before - after) / static_cast<double>(before);
}

struct Sum {
  std::uint64_t weight = 0;
  std::size_t backends = 0;

  void add(const Backend& backend) {
    if (!backend.takes_new_flows()) return;
    weight += *backend.weight;
    ++backends;
  }
};

Sum sum(const Pool& pool) {
  Sum total;
  for (const Backend& backend : pool.backends) total.add(backend);
  return total;
}

// Backends that keep less than half of their share of the pool. Weights are
// compared within their pool: halving all of them changes nothing.
std::size_t count_lost(const Pool& before, const Sum& was, const Pool& after, const Sum& is) {
  const Pairing pairing = pair_backends(before, after);
  std::size_t lost = 0;
  for (std::size_t i = 0; i < before.backends.size(); ++i) {
    if (!before.backends[i].takes_new_flows()) continue;
    const std::size_t at = pairing.after_of[i];
    const bool serves = at != kNoPartner && after.backends[at].takes_new_flows();
    const std::uint64_t weight = serves ? *after.backends[at].weight : 0;
    lost += 2 * weight * was.weight < *before.backends[i].weight * is.weight || !serves ? 1 : 0;
  }
  return lost;
}

class PoolList {
 public:
  void add(const std::string& name, const Pool& before, const Pool& after) {
    const Sum was = sum(before), is = sum(after);
    if (was.weight == is.weight && was.backends == is.backends) return;
    PoolCapacity capacity{name, was.weight, is.weight, was.backends, is.backends, 0};
    if (is.weight < was.weight) capacity.backends_lost = count_lost(before, was, after, is);
    pools.push_back(std::move(capacity));
  }

  std::vector<PoolCapacity> pools;
};

using Domains = std::map<std::pair<std::string_view, std::string_view>, std::pair<Sum, Sum>>;

void add_domains(const Model& model, Sum std::pair<Sum, Sum>::*side, Domains& domains) {
  for (const Pool& pool : model.pools)
    for (const Backend& backend : pool.backends)
      for (const auto& [label, value] : backend.labels) (domains[{label, value}].*side).add(backend);
}

}  // namespace

std::uint64_t weight_of(const Pool& pool) { return sum(pool).weight; }

double PoolCapacity::lost() const { return lost_share(weight_before, weight_after); }
double DomainCapacity::lost() const { return lost_share(weight_before, weight_after); }

std::vector<PoolCapacity> pool_capacities(const Model& before, const Model& after) {
  const Pairing pairing = pair_pools(before, after);
  const Pool nothing;
  PoolList list;
  for (std::size_t i = 0; i < after.pools.size(); ++i) {
    const std::size_t was = pairing.before_of[i];
    list.add(after.pools[i].name, was == kNoPartner ? nothing : before.pools[was], after.pools[i]);
  }
  for (std::size_t i = 0; i < before.pools.size(); ++i)
    if (pairing.after_of[i] == kNoPartner) list.add(before.pools[i].name, before.pools[i], nothing);
  return std::move(list.pools);
}

std::vector<DomainCapacity> domain_capacities(const Model& before, const Model& after) {
  Domains domains;
  add_domains(before, &std::pair<Sum, Sum>::first, domains);
  add_domains(after, &std::pair<Sum, Sum>::second, domains);
  std::vector<DomainCapacity> changed;
  for (const auto& [key, sums] : domains) {
    const auto& [was, is] = sums;
    if (was.weight == is.weight && was.backends == is.backends) continue;
    changed.push_back(
        {std::string(key.first), std::string(key.second), was.weight, is.weight, was.backends, is.backends});
  }
  return changed;
}

}  // namespace steadfast
