// SPDX-License-Identifier: Apache-2.0
// Months of traffic through the detectors of the daemon; prints JSON (scripts/detection).
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "simulation/culprits.h"
#include "simulation/trials.h"

namespace steadfast::simulation {
namespace {

using nlohmann::json;

json of(const Delays& delays) {
  json row{{"name", delays.name}, {"packets_per_s", delays.packets_per_s}, {"share", delays.share},
           {"runs", delays.runs}, {"unconfirmed_s", delays.unconfirmed},   {"confirmed_s", delays.confirmed}};
  for (int kind = 0; kind < Baselines::kKinds; ++kind)
    row["baselines"][Baselines::kNames[kind]] = delays.baselines[kind];
  return row;
}

json baselines_of(const std::size_t (&counts)[Baselines::kKinds]) {
  json all;
  for (int kind = 0; kind < Baselines::kKinds; ++kind) all[Baselines::kNames[kind]] = counts[kind];
  return all;
}

json of(const Days& days) {
  return {{"service_days", days.service_days},
          {"pages", days.pages},
          {"warnings",
           {{"T2", days.warnings_sender}, {"T4", days.warnings_spread}, {"T5", days.warnings_volume}}},
          {"baselines", baselines_of(days.baseline_pages)}};
}

json of(const Negative& negative) {
  return {{"name", negative.name},     {"runs", negative.runs},
          {"paged", negative.paged},   {"rolled_back", negative.rolled_back},
          {"warned", negative.warned}, {"baselines", baselines_of(negative.baseline_paged)}};
}

json delays(bool quick) {
  const std::size_t runs = quick ? 100 : 1000;
  return {of(measure_delays("30 % at 100 packets/s", 100, 0.3, runs)),
          of(measure_delays("5 % at 1,000 packets/s", 1000, 0.05, runs)),
          of(measure_delays("1 % at 1,000 packets/s", 1000, 0.01, runs)),
          of(measure_delays("0.5 % at 1,000 packets/s", 1000, 0.005, runs))};
}

json applies(bool quick) {
  const Applies made = make_good_applies(quick ? 1000 : 30'000);
  return {{"applies", made.applies}, {"rolled_back", made.rolled_back}};
}

json days(bool quick) { return of(quick ? live_days(25, 1) : live_days(250, 12)); }

json negatives(bool quick) {
  json all;
  for (const Negative& negative : try_hard_negatives(quick ? 20 : 200)) all.push_back(of(negative));
  return all;
}

json of(const std::vector<Culprit>& culprits) {
  json all;
  for (const Culprit& one : culprits)
    all.push_back({{"name", one.name},
                   {"cases", one.cases},
                   {"runs", one.runs},
                   {"found_s", one.found_s},
                   {"ranked_first", one.ranked_first},
                   {"pending", one.pending},
                   {"rolled_back", one.rolled_back},
                   {"bystanders", one.bystanders},
                   {"wronged", one.wronged}});
  return all;
}

json culprits(bool quick) { return of(find_culprits(kEvaluationSeeds, quick ? 10 : 100)); }

json ablation(bool quick) {
  json all;
  for (const Ablation& one : ablate(quick ? 5 : 50))
    all.push_back({{"left_out", one.left_out}, {"culprits", of(one.culprits)}});
  return all;
}

const std::map<std::string, json (*)(bool)> kTrials{{"delays", delays},     {"applies", applies},
                                                    {"days", days},         {"negatives", negatives},
                                                    {"culprits", culprits}, {"ablation", ablation}};

}  // namespace

json simulate(const std::vector<std::string>& names, bool quick) {
  json result;
  for (const auto& [name, trial] : kTrials)
    if (names.empty() || std::find(names.begin(), names.end(), name) != names.end())
      result[name] = trial(quick);
  return result;
}

}  // namespace steadfast::simulation

int main(int argc, char** argv) {
  CLI::App app{"Months of traffic through the detectors"};
  bool quick = false;
  std::vector<std::string> names;
  app.add_flag("--quick", quick, "fewer seeds, fewer days");
  app.add_option("trial", names, "delays, applies, days, negatives, culprits, ablation; all unless said");
  CLI11_PARSE(app, argc, argv);
  std::cout << steadfast::simulation::simulate(names, quick).dump(2) << "\n";
}
