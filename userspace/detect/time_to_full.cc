// SPDX-License-Identifier: Apache-2.0
#include "detect/time_to_full.h"

#include <algorithm>

namespace steadfast::detect {
namespace {

constexpr double kWindow_s = 15 * 60, kEvery_s = 15;
// A slope of less than a third of the window is a guess.
constexpr double kLeastKnown_s = 5 * 60;

}  // namespace

void TimeToFull::take(double time_s, double used) {
  if (!samples_.empty() && time_s < samples_.back().time_s + kEvery_s) return;
  samples_.push_back({time_s, used});
  while (samples_.front().time_s < time_s - kWindow_s) samples_.pop_front();
}

double TimeToFull::slope() const {
  double time = 0, used = 0, product = 0, square = 0;
  const auto count = static_cast<double>(samples_.size());
  for (const Sample& sample : samples_) time += sample.time_s / count, used += sample.used / count;
  for (const Sample& sample : samples_) {
    product += (sample.time_s - time) * (sample.used - used);
    square += (sample.time_s - time) * (sample.time_s - time);
  }
  return product / square;
}

std::optional<double> TimeToFull::seconds_to(double capacity) const {
  if (samples_.empty() || samples_.back().time_s - samples_.front().time_s < kLeastKnown_s)
    return std::nullopt;
  const double per_s = slope();
  if (per_s <= 0) return std::nullopt;
  return std::max(0.0, (capacity - samples_.back().used) / per_s);
}

}  // namespace steadfast::detect
