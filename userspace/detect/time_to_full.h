// SPDX-License-Identifier: Apache-2.0
// TimeToFull: when something that fills will be full, from the least-squares slope
// of the last quarter of an hour.
//
// Must not enter: what it is that fills.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

namespace steadfast::detect {

inline constexpr double kWarnBelow_s = 4 * 3600;
inline constexpr double kPageBelow_s = 30 * 60;

class TimeToFull {
 public:
  // Any number of times a second; times never go back.
  void take(double time_s, double used);
  // Nothing while it does not grow, or is not known for long enough.
  std::optional<double> seconds_to(double capacity) const;

 private:
  struct Sample {
    double time_s;
    double used;
  };
  double slope() const;

  std::deque<Sample> samples_;
};

}  // namespace steadfast::detect
