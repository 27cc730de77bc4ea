// SPDX-License-Identifier: Apache-2.0
// Warm-up: the share of its weight a backend gets after it came back, in few
// steps, because every step is a generation.
#pragma once

#include <iterator>

#include "health/time.h"

namespace steadfast::health {

inline constexpr Time kWarmUp = std::chrono::seconds(30);

// 0…1, of the time since the backend returned.
constexpr double warm_up(Time since_return) {
  constexpr double kSteps[] = {0.1, 0.3, 0.5, 0.75};
  if (since_return >= kWarmUp) return 1;
  return since_return.count() < 0 ? kSteps[0] : kSteps[since_return * std::size(kSteps) / kWarmUp];
}

}  // namespace steadfast::health
