// SPDX-License-Identifier: Apache-2.0
// Trials: what the detectors are judged by. Seeds of different trials, and those that
// parameters were tuned with, never meet.
//
// Must not enter: how traffic is made (fleet.h), how results are shown.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulation/baselines.h"

namespace steadfast::simulation {

// Seconds from the first affected packet; a run that was missed has none.
struct Delays {
  std::string name;
  double packets_per_s = 0, share = 0;
  std::size_t runs = 0;
  std::vector<double> unconfirmed;  // until a pending change would be rolled back
  std::vector<double> confirmed;    // until an alarm, with nothing pending
  std::vector<double> baselines[Baselines::kKinds];
};
Delays measure_delays(std::string name, double packets_per_s, double share, std::size_t runs);

struct Applies {
  std::size_t applies = 0;
  std::size_t rolled_back = 0;
};
// Changes that do no harm, pending for a minute each, with all that the internet does meanwhile.
Applies make_good_applies(std::size_t applies);

struct Days {
  double service_days = 0;
  std::size_t pages = 0;  // for drops by configuration, each time an alarm begins
  std::size_t warnings_volume = 0, warnings_spread = 0, warnings_sender = 0;
  std::size_t baseline_pages[Baselines::kKinds] = {};
};
Days live_days(std::size_t services, std::size_t days);

// Something that looks like trouble and is none.
struct Negative {
  std::string name;
  std::size_t runs = 0;
  std::size_t paged = 0, rolled_back = 0, warned = 0;  // runs in which it happened
  std::size_t baseline_paged[Baselines::kKinds] = {};
};
std::vector<Negative> try_hard_negatives(std::size_t runs);

}  // namespace steadfast::simulation
