// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <set>

#include "simulation/fleet.h"
#include "simulation/trials.h"

namespace steadfast::simulation {
namespace {

constexpr std::uint64_t kSeeds = 7'000'000;
constexpr std::size_t kFleet = 25;  // services that are simulated together
constexpr std::size_t kDay_s = 86'400;

// From one packet in two seconds up to a thousand; a tenth of them knows no nights.
void prepare(Fleet& fleet) {
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    const double place = static_cast<double>(i) / static_cast<double>(fleet.size());
    fleet.load(i) = {0.5 * std::exp(place * std::log(2000.0)), 2e-5 * place, 0.01, 0.001, i % 10 != 0};
  }
}

void count_new(const Fleet& fleet, std::set<std::string>& known, Days& days) {
  std::set<std::string> now;
  for (const detect::Alarm& alarm : fleet.detectors().alarms()) {
    now.insert(alarm.key);
    if (known.contains(alarm.key)) continue;
    if (alarm.severity == detect::Severity::page) ++days.pages;
    if (alarm.detector == "T2") ++days.warnings_sender;
    if (alarm.detector == "T4") ++days.warnings_spread;
    if (alarm.detector == "T5") ++days.warnings_volume;
  }
  known = std::move(now);
}

void count_baselines(const Fleet& fleet, std::vector<Baselines>& baselines,
                     std::vector<std::array<bool, Baselines::kKinds>>& on, Days& days) {
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    baselines[i].take(fleet.packets(i), fleet.dropped(i));
    for (int kind = 0; kind < Baselines::kKinds; ++kind) {
      const bool now = baselines[i].alarm(static_cast<Baselines::Kind>(kind));
      if (now && !on[i][static_cast<std::size_t>(kind)]) ++days.baseline_pages[kind];
      on[i][static_cast<std::size_t>(kind)] = now;
    }
  }
}

void live(Fleet& fleet, std::size_t seconds, Days& days) {
  std::vector<Baselines> baselines(fleet.size());
  std::vector<std::array<bool, Baselines::kKinds>> on(fleet.size());
  std::set<std::string> known;
  for (std::size_t s = 0; s < seconds; ++s) {
    fleet.step();
    count_new(fleet, known, days);
    count_baselines(fleet, baselines, on, days);
  }
}

}  // namespace

Days live_days(std::size_t services, std::size_t length_days) {
  Days days;
  for (std::size_t done = 0; done < services; done += kFleet) {
    Fleet fleet(kSeeds + done, std::min(kFleet, services - done));
    prepare(fleet);
    live(fleet, length_days * kDay_s, days);
    days.service_days += static_cast<double>(fleet.size() * length_days);
  }
  return days;
}

}  // namespace steadfast::simulation
