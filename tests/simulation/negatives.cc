// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include "simulation/fleet.h"
#include "simulation/trials.h"

namespace steadfast::simulation {
namespace {

constexpr std::uint64_t kSeeds = 8'000'000;
constexpr std::size_t kBefore_s = 900, kDuring_s = 120;

struct Case {
  const char* name;
  std::function<void(Fleet&)> before;
  std::function<void(Fleet&, std::size_t second)> during;
};

void nothing(Fleet&) {}

const Case kCases[] = {
    {"flash crowd ×10", nothing,
     [](Fleet& fleet, std::size_t s) {
       if (s == 0) fleet.load(0).packets_per_s *= 10;
     }},
    {"SYN flood", nothing,
     [](Fleet& fleet, std::size_t s) {
       if (s == 0) fleet.load(0) = {50'000, 1e-5, 0.4, 0.2, false, 0.98};
     }},
    {"port scan", nothing, [](Fleet& fleet, std::size_t) { fleet.load(0).sender = 0.2; }},
    {"deployment of backends", nothing,
     [](Fleet& fleet, std::size_t s) {
       if (s % 20 == 0) fleet.deploy(0);
     }},
    {"restart of the daemon", nothing,
     [](Fleet& fleet, std::size_t s) {
       if (s == 30) fleet.restart();
     }},
    {"counters begin at 0", nothing,
     [](Fleet& fleet, std::size_t s) {
       if (s == 30) fleet.zero_counters(0);
     }},
    {"1 packet/s", [](Fleet& fleet) { fleet.load(0).packets_per_s = 1; }, [](Fleet&, std::size_t) {}},
    {"silence at night", nothing,
     [](Fleet& fleet, std::size_t s) {
       if (s == 10) fleet.load(0).packets_per_s = 0;
     }},
};

struct Seen {
  bool paged = false, rolled_back = false, warned = false;
  bool baselines[Baselines::kKinds] = {};
};

void look(Fleet& fleet, std::uint64_t generation, const Baselines& baselines, Seen& seen) {
  seen.paged |= fleet.pages() > 0;
  seen.warned |= !fleet.detectors().alarms().empty();
  seen.rolled_back |= fleet.detectors().harm(generation) != nullptr;
  for (int kind = 0; kind < Baselines::kKinds; ++kind)
    seen.baselines[kind] |= baselines.alarm(static_cast<Baselines::Kind>(kind));
}

// A harmless change of the same service is pending all the time.
Seen run(const Case& one, std::uint64_t seed) {
  Fleet fleet(seed, 3);
  one.before(fleet);
  Baselines baselines;
  Seen seen;
  const auto step = [&] {
    fleet.step();
    baselines.take(fleet.packets(0), fleet.dropped(0));
  };
  for (std::size_t s = 0; s < kBefore_s; ++s) step();
  const std::uint64_t generation = fleet.pend({0});
  for (std::size_t s = 0; s < kDuring_s; ++s) {
    one.during(fleet, s);
    step();
    look(fleet, generation, baselines, seen);
  }
  return seen;
}

}  // namespace

std::vector<Negative> try_hard_negatives(std::size_t runs) {
  std::vector<Negative> all;
  std::uint64_t seed = kSeeds;
  for (const Case& one : kCases) {
    Negative result;
    result.name = one.name;
    result.runs = runs;
    for (std::size_t i = 0; i < runs; ++i) {
      const Seen seen = run(one, seed++);
      result.paged += seen.paged ? 1 : 0;
      result.rolled_back += seen.rolled_back ? 1 : 0;
      result.warned += seen.warned ? 1 : 0;
      for (int kind = 0; kind < Baselines::kKinds; ++kind)
        result.baseline_paged[kind] += seen.baselines[kind] ? 1 : 0;
    }
    all.push_back(std::move(result));
  }
  return all;
}

}  // namespace steadfast::simulation
