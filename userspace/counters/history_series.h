// SPDX-License-Identifier: Apache-2.0
// HistorySeries: what one service, or all together, counted in each second of the
// last hour and each minute of the last day. It is told what was counted between
// two moments and lays that on the seconds they span, to the packet.
//
// Must not enter: clocks, what the lanes are.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "counters/history_ring.h"

namespace steadfast {

inline constexpr std::int64_t kHistorySeconds = 3600, kHistoryMinutes = 24 * 60;

class HistorySeries {
 public:
  explicit HistorySeries(std::size_t lanes);

  // Counted since the moment that was passed last.
  void count(std::size_t lane, std::uint64_t more) { growth_[lane] += more; }
  void pass(double from_s, double to_s);
  // Nobody counted up to now: what was is lost, and the second that runs is a gap,
  void lose();
  // unless it has just begun.
  void begin_second() { whole_ = true; }

  // In that second, and in that minute; none for a gap.
  std::optional<std::uint64_t> second(std::int64_t number, std::size_t lane) const {
    return hour_.at(number, lane);
  }
  // A minute that is known in part is given as if the rest were alike; known for less than half it is a gap.
  std::optional<std::uint64_t> minute(std::int64_t number, std::size_t lane) const {
    return day_.at(number, lane);
  }
  std::size_t bytes() const;

 private:
  void end_second(std::int64_t number);
  void end_minute();

  std::vector<std::uint64_t> growth_;  // not yet laid on any second
  std::vector<std::uint64_t> second_;  // of the second that runs
  std::vector<std::uint64_t> minute_;  // of the minute that runs
  bool whole_ = false;                 // the second that runs is known from its beginning
  std::int64_t minute_number_ = 0;
  std::uint64_t seconds_known_ = 0;  // of that minute
  HistoryRing hour_, day_;
};

}  // namespace steadfast
