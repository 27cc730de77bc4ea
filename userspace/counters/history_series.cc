// SPDX-License-Identifier: Apache-2.0
#include "counters/history_series.h"

#include <algorithm>
#include <cmath>

namespace steadfast {
namespace {

constexpr std::int64_t kMinute_s = 60;

}  // namespace

HistorySeries::HistorySeries(std::size_t lanes)
    : growth_(lanes),
      second_(lanes),
      minute_(lanes),
      hour_(lanes, static_cast<std::size_t>(kHistorySeconds)),
      day_(lanes, static_cast<std::size_t>(kHistoryMinutes)) {}

// Nothing is lost to rounding: what a second does not get stays for the next one.
void HistorySeries::pass(double from_s, double to_s) {
  const double last = std::floor(to_s);
  for (double end = std::floor(from_s) + 1; end <= last; from_s = end++) {
    const double share = (end - from_s) / (to_s - from_s);
    for (std::size_t lane = 0; lane < growth_.size(); ++lane) {
      const auto part = static_cast<std::uint64_t>(std::llround(static_cast<double>(growth_[lane]) * share));
      second_[lane] += part;
      growth_[lane] -= part;
    }
    end_second(static_cast<std::int64_t>(end) - 1);
  }
  for (std::size_t lane = 0; lane < growth_.size(); ++lane) {
    second_[lane] += growth_[lane];
    growth_[lane] = 0;
  }
}

void HistorySeries::end_second(std::int64_t number) {
  if (number / kMinute_s != minute_number_) {
    end_minute();
    minute_number_ = number / kMinute_s;
  }
  if (whole_) {
    hour_.put(number, second_);
    ++seconds_known_;
    for (std::size_t lane = 0; lane < minute_.size(); ++lane) minute_[lane] += second_[lane];
  }
  std::fill(second_.begin(), second_.end(), 0);
  whole_ = true;
  if ((number + 1) % kMinute_s == 0) end_minute();
}

void HistorySeries::end_minute() {
  if (2 * seconds_known_ >= kMinute_s) {
    for (std::uint64_t& count : minute_) count = (count * kMinute_s + seconds_known_ / 2) / seconds_known_;
    day_.put(minute_number_, minute_);
  }
  std::fill(minute_.begin(), minute_.end(), 0);
  seconds_known_ = 0;
}

void HistorySeries::lose() {
  std::fill(growth_.begin(), growth_.end(), 0);
  std::fill(second_.begin(), second_.end(), 0);
  whole_ = false;
}

std::size_t HistorySeries::bytes() const {
  return sizeof *this + 3 * growth_.capacity() * sizeof growth_.front() + hour_.bytes() + day_.bytes();
}

}  // namespace steadfast
