// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "simulation/fleet.h"
#include "simulation/trials.h"

namespace steadfast::simulation {
namespace {

constexpr std::uint64_t kSeeds = 6'000'000;
constexpr std::size_t kServices = 12, kAppliesEach = 500;
constexpr std::size_t kPending_s = 60, kBetween_s = 10;

double uniform(Fleet& fleet, double from, double to) {
  return std::uniform_real_distribution<double>(from, to)(fleet.random());
}
std::size_t any(Fleet& fleet) {
  return std::uniform_int_distribution<std::size_t>(0, fleet.size() - 1)(fleet.random());
}

// What senders do meanwhile: a flood, a scan, somebody who is denied, a crowd.
void stir(Fleet& fleet) {
  Load& load = fleet.load(any(fleet));
  switch (std::uniform_int_distribution<int>(0, 7)(fleet.random())) {
    case 0:
      load.packets_per_s *= 10;
      break;
    case 1:
      load.sender = uniform(fleet, 0.05, 0.9);
      break;
    case 2:
      load.refused = uniform(fleet, 0.05, 0.5);
      break;
    case 3:
      load.packets_per_s /= 10;
      break;
    default:
      break;
  }
}

void calm(Fleet& fleet) {
  for (std::size_t i = 0; i < fleet.size(); ++i)
    fleet.load(i) = {std::exp(uniform(fleet, std::log(0.5), std::log(5000.0))), uniform(fleet, 0, 2e-5),
                     uniform(fleet, 0, 0.02), 0, false};
}

bool is_rolled_back(Fleet& fleet, std::uint64_t generation) {
  for (std::size_t s = 0; s < kPending_s; ++s) {
    if (s % 10 == 5) stir(fleet);
    fleet.step();
    if (fleet.detectors().harm(generation) != nullptr) return true;
  }
  return false;
}

// One to three services; half of the changes are deployments of backends.
bool apply(Fleet& fleet) {
  std::vector<std::size_t> touched(1 + any(fleet) % 3);
  for (std::size_t& service : touched) service = any(fleet);
  const std::uint64_t generation = fleet.pend(touched);
  if (generation % 2 == 0) fleet.deploy(touched.front());
  if (generation % 16 == 0) fleet.zero_counters(touched.front());
  const bool rolled_back = is_rolled_back(fleet, generation);
  fleet.end_pending();
  calm(fleet);
  fleet.steps(kBetween_s);
  return rolled_back;
}

}  // namespace

Applies make_good_applies(std::size_t applies) {
  Applies result;
  for (std::uint64_t seed = kSeeds; result.applies < applies; ++seed) {
    Fleet fleet(seed, kServices);
    calm(fleet);
    fleet.steps(300);
    for (std::size_t i = 0; i < kAppliesEach && result.applies < applies; ++i, ++result.applies)
      result.rolled_back += apply(fleet) ? 1 : 0;
  }
  return result;
}

}  // namespace steadfast::simulation
