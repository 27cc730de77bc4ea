// SPDX-License-Identifier: Apache-2.0
// Pace: how fast a pool may lose backends. Down to 70 % they go at once; below,
// one or a tenth of the pool (the larger) in ten seconds, so that a check that is
// wrong about everybody leaves time to see it.
//
// Must not enter: who goes (floor.h).
#pragma once

#include <cstddef>
#include <deque>

#include "health/time.h"

namespace steadfast::health {

inline constexpr Time kPaceWindow = std::chrono::seconds(10);

class Pace {
 public:
  // Whether one of the `serving` of `active` backends may be taken out now; if so, it counts.
  bool take(std::size_t active, std::size_t serving, Time now);

 private:
  std::deque<Time> taken_;  // within the window
};

}  // namespace steadfast::health
