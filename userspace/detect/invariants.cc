// SPDX-License-Identifier: Apache-2.0
#include "detect/invariants.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace steadfast::detect {
namespace {

constexpr sf_verdict kNever[] = {SF_NO_BACKEND, SF_TABLE_ERROR};
// A flip may be between two looks.
constexpr unsigned kStraysFor_s = 2;
// Counters are read one after the other while packets come, and probes are runs too.
constexpr double kUncountedShare = 0.05, kUncountedPackets = 2000;
constexpr double kKeep = 0.8;
constexpr unsigned kDifferFor_s = 10;

}  // namespace

std::vector<Sign> Invariants::take(const Second& second, const Scene& scene, const Drops& drops) {
  std::vector<Sign> signs;
  look_at_packets(second, scene, drops, signs);
  look_at_generation(second, signs);
  look_at_sums(second, signs);
  return signs;
}

void Invariants::look_at_packets(const Second& second, const Scene& scene, const Drops& drops,
                                 std::vector<Sign>& signs) const {
  for (const sf_verdict verdict : kNever)
    for (const DropAlarm& drop : drops.met(verdict)) {
      const auto service = scene.services.find(drop.endpoint);
      if (service == scene.services.end()) continue;
      signs.push_back({"T0",
                       Severity::page,
                       service->second.object,
                       drop.endpoint,
                       std::string(label(verdict)),
                       drop.share,
                       second.now_s - 1,
                       {},
                       true});
    }
}

void Invariants::look_at_generation(const Second& second, std::vector<Sign>& signs) {
  strayed_s_ = second.generation == second.generation_in_kernel ? 0 : strayed_s_ + 1;
  if (strayed_s_ < kStraysFor_s) return;
  signs.push_back({"T0",
                   Severity::page,
                   "generation/" + std::to_string(second.generation),
                   {},
                   "not_acknowledged",
                   1,
                   second.now_s - strayed_s_,
                   "packets follow generation " + std::to_string(second.generation_in_kernel) + " instead"});
}

// Runs that stand still while packets are counted are those of a kernel that has stopped counting them.
void Invariants::look_at_sums(const Second& second, std::vector<Sign>& signs) {
  const auto runs_before = std::exchange(runs_, second.program_runs);
  const std::uint64_t counted_before = std::exchange(counted_, second.counted);
  if (!runs_before || !runs_ || *runs_ <= *runs_before || counted_ < counted_before) {
    uncounted_ = recent_runs_ = 0;
    differ_s_ = 0;
    return;
  }
  const auto runs = static_cast<double>(*runs_ - *runs_before);
  uncounted_ = uncounted_ * kKeep + runs - static_cast<double>(counted_ - counted_before);
  recent_runs_ = recent_runs_ * kKeep + runs;
  const double missing = std::abs(uncounted_);
  differ_s_ = missing > kUncountedPackets && missing > kUncountedShare * recent_runs_ ? differ_s_ + 1 : 0;
  if (differ_s_ < kDifferFor_s) return;
  signs.push_back({"T0",
                   Severity::warn,
                   "host",
                   {},
                   "law_of_sums",
                   std::min(missing / recent_runs_, 1.0),
                   second.now_s - differ_s_,
                   "the program runs and what it counts differ"});
}

void Invariants::begin_anew() {
  runs_.reset();
  uncounted_ = recent_runs_ = 0;
  differ_s_ = 0;
}

}  // namespace steadfast::detect
