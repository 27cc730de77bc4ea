// SPDX-License-Identifier: Apache-2.0
#include "health/pace.h"

#include <algorithm>

namespace steadfast::health {

bool Pace::take(std::size_t active, std::size_t serving, Time now) {
  while (!taken_.empty() && taken_.front() <= now - kPaceWindow) taken_.pop_front();
  const bool stays_above = serving > 0 && 10 * (serving - 1) >= 7 * active;
  if (!stays_above && taken_.size() >= std::max<std::size_t>(1, active / 10)) return false;
  taken_.push_back(now);
  return true;
}

}  // namespace steadfast::health
