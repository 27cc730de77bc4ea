// SPDX-License-Identifier: Apache-2.0
// How services use pools, and pools share backends.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "check/address_hash.h"
#include "check/rules.h"
#include "config/examples.h"

namespace steadfast::rules {
namespace {

void find_unused_pools(const Context& context, Findings& findings) {
  if (context.gaps().services) return;
  for (std::size_t i = 0; i < context.model().pools.size(); ++i) {
    const Pool& pool = context.model().pools[i];
    if (!context.users(i).empty() || context.gaps().named[i]) continue;
    findings.push_back(
        make(kUnusedPool.rule, object_of(pool), pool.place, "no service uses pool \"" + pool.name + "\""));
  }
}

void find_mixed_forwarding(const Context& context, Findings& findings) {
  for (std::size_t i = 0; i < context.model().pools.size(); ++i) {
    const auto& users = context.users(i);
    const auto& services = context.model().services;
    const auto other = std::find_if(users.begin(), users.end(), [&](std::size_t user) {
      return *services[user].forward != *services[users.front()].forward;
    });
    if (other == users.end()) continue;
    const Service& first = services[users.front()];
    const Service& second = services[*other];
    const Pool& pool = context.model().pools[i];
    Finding finding = make(kMixedForwarding.rule, object_of(pool), second.forward.place,
                           "pool \"" + pool.name + "\" gets " + std::string(name(*second.forward)) +
                               " from service \"" + second.name + "\" and " +
                               std::string(name(*first.forward)) + " from service \"" + first.name + "\"");
    finding.related.push_back({first.forward.place, "the other mode"});
    findings.push_back(std::move(finding));
  }
}

// How a pool's services reach and check its members.
struct Usage {
  std::set<Forward> forwards;
  std::set<std::uint16_t> checked_ports;
};

Usage usage_of(const Context& context, std::size_t pool) {
  Usage usage;
  const auto& health = context.model().pools[pool].health;
  for (const std::size_t user : context.users(pool)) {
    const Service& service = context.model().services[user];
    usage.forwards.insert(*service.forward);
    if (health) usage.checked_ports.insert(health->port ? **health->port : *service.port);
  }
  return usage;
}

template <typename T>
bool overlap(const std::set<T>& a, const std::set<T>& b) {
  return std::any_of(a.begin(), a.end(), [&](const T& value) { return b.contains(value); });
}

bool same_check(const Health& a, const Health& b) {
  return a.type == b.type && a.interval == b.interval && a.timeout == b.timeout && a.fall == b.fall &&
         a.rise == b.rise && a.path == b.path && a.host == b.host;
}

// In what two pools disagree about a host they share; empty when they agree. Two
// checks disagree only when they ask the same port.
std::string conflict(const Context& context, std::size_t a, std::size_t b) {
  const Usage first = usage_of(context, a);
  const Usage second = usage_of(context, b);
  const Pool& pool_a = context.model().pools[a];
  const Pool& pool_b = context.model().pools[b];
  if (!first.forwards.empty() && !second.forwards.empty() && !overlap(first.forwards, second.forwards))
    return "forward " + std::string(name(*first.forwards.begin())) + " and " +
           std::string(name(*second.forwards.begin()));
  const bool both = pool_a.health && pool_b.health && overlap(first.checked_ports, second.checked_ports);
  if (both && !same_check(*pool_a.health, *pool_b.health)) return "health checks of one port that differ";
  return {};
}

struct Member {
  std::size_t pool;
  const Backend* backend;
};

struct Shared {
  Member first;   // of the pool that stands first
  Member second;  // of the other
  std::size_t hosts = 0;
  bool ports_differ = false;
};

bool ports_differ(const Backend& a, const Backend& b) { return a.port && b.port && **a.port != **b.port; }

using SharedPools = std::map<std::pair<std::size_t, std::size_t>, Shared>;

SharedPools shared_pools(const Model& model) {
  std::unordered_map<Address, Member, AddressHash> known;
  SharedPools shared;
  for (std::size_t i = 0; i < model.pools.size(); ++i) {
    for (const Backend& backend : model.pools[i].backends) {
      const auto [first, is_new] = known.try_emplace(*backend.address, Member{i, &backend});
      if (is_new || first->second.pool == i) continue;
      Shared& pair =
          shared.try_emplace({first->second.pool, i}, Shared{first->second, {i, &backend}}).first->second;
      ++pair.hosts;
      pair.ports_differ |= ports_differ(*first->second.backend, backend);
    }
  }
  return shared;
}

// One finding for two pools, however many hosts they share: the cause is one.
void find_conflicting_backends(const Context& context, Findings& findings) {
  for (const auto& [pools, shared] : shared_pools(context.model())) {
    const std::string what =
        shared.ports_differ ? "ports that differ" : conflict(context, pools.first, pools.second);
    if (what.empty()) continue;
    const Pool& first = context.model().pools[pools.first];
    const Pool& second = context.model().pools[pools.second];
    const std::string more = shared.hosts > 1 ? " (and " + counted(shared.hosts - 1, "more host") + ")" : "";
    Finding finding = make(kConflictingBackend.rule, object_of(second, *shared.second.backend),
                           shared.second.backend->place,
                           shared.second.backend->address->text() + more + " is in pools \"" + first.name +
                               "\" and \"" + second.name + "\" with " + what);
    finding.related.push_back({shared.first.backend->place, "in the other pool"});
    findings.push_back(std::move(finding));
  }
}

}  // namespace

#define SF_EXAMPLE_OTHER_POOL \
  "[[pool]]\n"                \
  "name = \"api\"\n"          \
  "min_healthy = \"50%\"\n" SF_EXAMPLE_HEALTH

#define SF_EXAMPLE_OTHER_SERVICE(forward, pool) \
  "[[service]]\n"                               \
  "name = \"api\"\n"                            \
  "vip = \"192.0.2.11\"\n"                      \
  "protocol = \"tcp\"\n"                        \
  "port = 443\n"                                \
  "forward = \"" forward                        \
  "\"\n"                                        \
  "pool = \"" pool "\"\n"

const Check kUnusedPool{
    {
        "SF204",
        Severity::warn,
        "pool that no service uses",
        "no packet reaches its backends; often the sign of a mistyped or lost service",
        "use the pool in a service, or remove it",
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_OTHER_POOL "[[pool.backend]]\n"
                                                              "name = \"api-01\"\n"
                                                              "address = \"10.0.3.10\"\n"
                                                              "weight = 100\n",
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST,
    },
    find_unused_pools,
};

const Check kConflictingBackend{
    {
        "SF206",
        Severity::warn,
        "one backend, two pools that treat it differently",
        "the host can be right for one of the pools only: the other's packets are lost on it",
        "give both pools the same forwarding, port and check, or use another host",
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_OTHER_SERVICE("gue", "api")
            SF_EXAMPLE_OTHER_POOL SF_EXAMPLE_BACKENDS,
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_OTHER_SERVICE("ipip", "api")
            SF_EXAMPLE_OTHER_POOL SF_EXAMPLE_BACKENDS,
    },
    find_conflicting_backends,
};

const Check kMixedForwarding{
    {
        "SF314",
        Severity::warn,
        "one pool, two modes of forwarding",
        "a backend that decapsulates one mode drops the other in silence",
        "use one mode for all services of the pool, or two pools",
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_OTHER_SERVICE("gue", "web"),
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_OTHER_SERVICE("ipip", "web"),
    },
    find_mixed_forwarding,
};

}  // namespace steadfast::rules
