// SPDX-License-Identifier: Apache-2.0
#include "simulation/incidents.h"

#include <algorithm>

namespace steadfast::simulation {
namespace {

constexpr double kMinute_s = 60, kFourDays_s = 4 * 86'400;
constexpr std::size_t kMostPadding = 3;

using detect::ChangeMade;

void touch(ChangeMade& made, const std::string& object, Place place, const std::set<std::string>& endpoints) {
  if (made.names(object)) return;
  made.objects.push_back({object, place, endpoints});
  made.endpoints.insert(endpoints.begin(), endpoints.end());
}

// Small edits of another thing that are in the same file.
void pad(Edge& edge, ChangeMade& made) {
  if (edge.chance(0.5)) return;
  for (std::size_t i = 0; i < 1 + edge.below(kMostPadding); ++i) {
    const ChangeMade more = harmless_change(edge, edge.below(edge.pools().size()));
    for (const auto& object : more.objects) touch(made, object.object, object.place, object.endpoints);
  }
}

Truth truth_of(const Edge& edge, const std::vector<EdgeService>& services, const EdgePool& pool,
               std::size_t at) {
  Truth truth;
  const auto endpoints = edge.endpoints_over(at);
  for (const EdgeService& service : services)
    if (endpoints.contains(service.endpoint)) truth.affected.insert("service/" + service.name);
  for (const EdgeBackend& backend : pool.backends) truth.affected.insert(backend.object);
  return truth;
}

Truth truth_of(Edge& edge, std::size_t pool) {
  return truth_of(edge, edge.services(), edge.pools()[pool], pool);
}

void add(Truth& truth, const EdgeBackend& backend) {
  truth.objects.insert(backend.object);
  truth.lines.insert(backend.place.line);
}

// Some backends are others in the file; `harm` is done to each.
Truth change_backends(Edge& edge, std::size_t at, double share, bool pending,
                      const std::function<void(EdgeBackend&)>& harm) {
  EdgePool& pool = edge.pools()[at];
  Truth truth = truth_of(edge, at);
  ChangeMade made{0, 0, "ann", "edge.toml", {}, {}};
  const auto count = std::max<std::size_t>(
      1, static_cast<std::size_t>(share * static_cast<double>(pool.backends.size()) + 0.5));
  const std::size_t first = edge.below(pool.backends.size() - count + 1);
  if (edge.chance(0.5)) pad(edge, made);
  for (std::size_t i = first; i < first + count; ++i) {
    harm(pool.backends[i]);
    add(truth, pool.backends[i]);
    touch(made, pool.backends[i].object, pool.backends[i].place, edge.endpoints_over(at));
  }
  pad(edge, made);
  truth.generation = edge.flip(std::move(made), pending);
  return truth;
}

Truth lose_three_of_ten(Edge& edge, std::size_t pool, bool pending) {
  return change_backends(edge, pool, 0.3, pending, [](EdgeBackend& one) { one.has_next_hop = false; });
}

Truth close_three_of_ten(Edge& edge, std::size_t pool, bool pending) {
  return change_backends(edge, pool, 0.3, pending, [](EdgeBackend& one) { one.completion = 0; });
}

Truth lose_all(Edge& edge, std::size_t pool, bool pending) {
  return change_backends(edge, pool, 1, pending, [](EdgeBackend& one) { one.has_next_hop = false; });
}

// Another tunnel than the hosts open: nobody answers any more, and nothing is dropped here.
Truth change_tunnel(Edge& edge, std::size_t pool, bool pending) {
  Truth truth = truth_of(edge, pool);
  ChangeMade made{0, 0, "ann", "edge.toml", {}, {}};
  for (const EdgeService& service : edge.services())
    if (service.pool == pool) {
      touch(made, "service/" + service.name, service.place, {service.endpoint});
      truth.objects.insert("service/" + service.name);
      truth.lines.insert(service.place.line);
    }
  pad(edge, made);
  for (EdgeBackend& one : edge.pools()[pool].backends) one.completion = 0;
  truth.generation = edge.flip(std::move(made), pending);
  return truth;
}

// Its backends stand in the old file; what is left of it in the new one is the pool.
Truth empty_pool(Edge& edge, std::size_t at, bool pending) {
  EdgePool& pool = edge.pools()[at];
  Truth truth = truth_of(edge, at);
  ChangeMade made{0, 0, "ann", "edge.toml", {}, {}};
  pad(edge, made);
  touch(made, "pool/" + pool.name, {999, 1}, edge.endpoints_over(at));
  truth.objects.insert("pool/" + pool.name);
  truth.lines.insert(999);
  for (EdgeBackend& one : pool.backends) {
    touch(made, one.object, one.place, edge.endpoints_over(at));
    add(truth, one);
    one.weight = 0;
  }
  truth.generation = edge.flip(std::move(made), pending);
  return truth;
}

Truth deny_many(Edge& edge, std::size_t pool, bool pending) {
  Truth truth;
  ChangeMade made{0, 0, "ann", "edge.toml", {}, {}};
  if (edge.chance(0.5)) pad(edge, made);
  const auto victim = std::find_if(edge.services().begin(), edge.services().end(),
                                   [&](const EdgeService& service) { return service.pool == pool; });
  victim->denied = edge.chance(0.3) ? 1 : edge.uniform(0.1, 0.5);
  touch(made, "service/" + victim->name, victim->place, {victim->endpoint});
  pad(edge, made);
  truth.affected = truth.objects = {"service/" + victim->name};
  truth.lines = {victim->place.line};
  truth.generation = edge.flip(std::move(made), pending);
  return truth;
}

// It takes what five of its kind would, at most.
Truth overload(Edge& edge, std::size_t at, bool pending) {
  double packets_per_s = 0;
  for (const EdgeService& service : edge.services())
    if (service.pool == at) packets_per_s += service.packets_per_s;
  const double fair = packets_per_s * 0.05 / static_cast<double>(edge.pools()[at].backends.size());
  const double most = fair * edge.uniform(1.5, 5);
  return change_backends(edge, at, 0, pending, [&](EdgeBackend& one) {
    one.weight = 200;
    one.most_flows = most;
  });
}

Truth break_one(Edge& edge, std::size_t at, double completion) {
  EdgePool& pool = edge.pools()[at];
  Truth truth = truth_of(edge, at);
  EdgeBackend& one = pool.backends[edge.below(pool.backends.size())];
  one.completion = completion;
  add(truth, one);
  return truth;
}

Truth kill_one(Edge& edge, std::size_t pool, bool) { return break_one(edge, pool, 0); }
Truth halve_one(Edge& edge, std::size_t pool, bool) { return break_one(edge, pool, 0.5); }

// An audit finds it some seconds later, perhaps after its users did.
Truth overwrite_one(Edge& edge, std::size_t pool, bool) {
  Truth truth = break_one(edge, pool, 0);
  edge.add_drift(
      {"SF905", *truth.objects.begin(), "sf_backends differs: outer", edge.now_s() + edge.uniform(1, 10)});
  return truth;
}

// The route leads to some pools, and the audit names one backend of the first.
Truth delete_route(Edge& edge, std::size_t pool, bool) {
  Truth truth = truth_of(edge, pool);
  for (std::size_t at = 0; at < edge.pools().size(); ++at) {
    if (at != pool && !edge.chance(0.4)) continue;
    truth.affected.merge(truth_of(edge, at).affected);
    for (EdgeBackend& one : edge.pools()[at].backends) one.has_next_hop = false, add(truth, one);
  }
  edge.show();
  edge.add_drift(
      {"SF709", edge.pools()[pool].backends.front().object, "no route", edge.now_s() + edge.uniform(0, 1)});
  return truth;
}

Truth take_program_off(Edge& edge, std::size_t, bool) {
  Truth truth;
  for (const EdgeService& service : edge.services()) truth.affected.insert("service/" + service.name);
  truth.objects = {"interface/eth0"};
  truth.code = "SF902";
  edge.detach();
  edge.add_drift({"SF902", "interface/eth0", "the program was detached", edge.now_s() + edge.uniform(0, 1)});
  return truth;
}

// Where min_healthy keeps nobody: the last backend is taken out with all the others.
Truth fail_checks(Edge& edge, std::size_t at, bool) {
  EdgePool& pool = edge.pools()[at];
  Truth truth = truth_of(edge, at);
  pool.has_checks_passed = false;
  edge.show();
  edge.add_drift(
      {"SF910", "pool/" + pool.name, "all backends fail their checks", edge.now_s() - edge.uniform(0, 2)});
  truth.objects = {"pool/" + pool.name};
  truth.code = "SF910";
  return truth;
}

}  // namespace

detect::ChangeMade harmless_change(Edge& edge, std::size_t at) {
  ChangeMade made{0, 0, "bob", "edge.toml", {}, {}};
  const EdgePool& pool = edge.pools()[at];
  const auto endpoints = edge.endpoints_over(at);
  if (edge.chance(0.3)) {
    for (const EdgeService& service : edge.services())
      if (service.pool == at) {
        touch(made, "service/" + service.name, service.place, {service.endpoint});
        return made;
      }
  }
  for (std::size_t i = 0; i < 1 + edge.below(3); ++i) {
    const EdgeBackend& one = pool.backends[edge.below(pool.backends.size())];
    touch(made, one.object, one.place, endpoints);
  }
  return made;
}

const std::vector<Incident>& incidents() {
  static const std::vector<Incident> all{
      {"3 of 10 backends out of reach", "INC-01a, -01d, -01-accepted", true, kMinute_s, 0, lose_three_of_ten},
      {"3 of 10 backends open no tunnel", "INC-01c", true, kMinute_s, 0, close_three_of_ten},
      {"another tunnel than the hosts open", "INC-01e", true, kMinute_s, 0, change_tunnel},
      {"a pool emptied", "INC-06", true, kMinute_s, 0, empty_pool},
      {"every backend out of reach", "INC-15a, -15b", true, kMinute_s, 0, lose_all},
      {"a network of users denied", "INC-15-accepted, -15c to -15f", true, kMinute_s, 0, deny_many},
      {"weight × 200", "INC-16-accepted", true, kMinute_s, 0, overload},
      {"checks of a pool fail, no floor", "INC-08b, -08c, -09, -13, -29b", false, kMinute_s, 0, fail_checks},
      {"one backend dead", "INC-11", false, kMinute_s, 0, kill_one},
      {"one backend half dead", "INC-11, in part", false, kMinute_s, 0, halve_one},
      {"an entry overwritten", "INC-23", false, kMinute_s, 0, overwrite_one},
      {"the program taken off", "INC-24a", false, 5 * kMinute_s, kFourDays_s, take_program_off},
      {"a route deleted", "INC-24b", false, kMinute_s, 0, delete_route},
  };
  return all;
}

}  // namespace steadfast::simulation
