// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include "simulation/fleet.h"
#include "simulation/trials.h"

namespace steadfast::simulation {
namespace {

constexpr std::uint64_t kSeeds = 5'000'000;
constexpr std::size_t kLearnt_s = 3600, kAtMost_s = 120, kBaselineAtMost_s = 3600;

// Steps until `found`, from the first affected packet; none when it takes too long.
std::vector<double> until(Fleet& fleet, double share, double onset, const std::function<bool()>& found) {
  fleet.load(0).configuration = share;
  for (std::size_t s = 1; s <= kAtMost_s; ++s) {
    fleet.step(s == 1 ? onset : 0);
    if (found()) return {static_cast<double>(s) - onset};
  }
  return {};
}

void append(std::vector<double>& all, const std::vector<double>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

Fleet quiet_fleet(std::uint64_t seed, double packets_per_s) {
  Fleet fleet(seed, 3);
  for (std::size_t i = 0; i < fleet.size(); ++i) fleet.load(i).packets_per_s = packets_per_s;
  fleet.steps(600);
  return fleet;
}

void run_baselines(Fleet& fleet, double share, double onset, Delays& delays) {
  Baselines baselines;
  for (std::size_t s = 0; s < kLearnt_s; ++s) {
    fleet.step();
    baselines.take(fleet.packets(0), fleet.dropped(0));
  }
  bool found[Baselines::kKinds] = {};
  fleet.load(0).configuration = share;
  for (std::size_t s = 1; s <= kBaselineAtMost_s; ++s) {
    fleet.step(s == 1 ? onset : 0);
    baselines.take(fleet.packets(0), fleet.dropped(0));
    for (int kind = 0; kind < Baselines::kKinds; ++kind)
      if (!found[kind] && baselines.alarm(static_cast<Baselines::Kind>(kind))) {
        found[kind] = true;
        delays.baselines[kind].push_back(static_cast<double>(s) - onset);
      }
    if (std::all_of(std::begin(found), std::end(found), [](bool one) { return one; })) return;
  }
}

}  // namespace

Delays measure_delays(std::string name, double packets_per_s, double share, std::size_t runs) {
  Delays delays;
  delays.name = std::move(name);
  delays.packets_per_s = packets_per_s;
  delays.share = share;
  delays.runs = runs;
  for (std::size_t run = 0; run < runs; ++run) {
    const std::uint64_t seed = kSeeds + 3 * run;
    const double onset =
        std::uniform_real_distribution<double>(0, 1)(*std::make_unique<std::mt19937_64>(seed));
    Fleet pending = quiet_fleet(seed, packets_per_s);
    const std::uint64_t generation = pending.pend({0});
    append(delays.unconfirmed,
           until(pending, share, onset, [&] { return pending.detectors().harm(generation) != nullptr; }));
    Fleet confirmed = quiet_fleet(seed + 1, packets_per_s);
    append(delays.confirmed, until(confirmed, share, onset, [&] { return confirmed.pages(0); }));
    Fleet watched(seed + 2, 1);
    watched.load(0).packets_per_s = packets_per_s;
    run_baselines(watched, share, onset, delays);
  }
  return delays;
}

}  // namespace steadfast::simulation
