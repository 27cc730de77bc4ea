// SPDX-License-Identifier: Apache-2.0
#include "detect/forecast.h"

#include <cmath>

namespace steadfast::detect {
namespace {

constexpr double kWarnFrom = 0.25, kPageFrom = 0.5;

std::string minutes_text(double seconds) { return std::to_string(std::lround(seconds / 60)) + " min"; }

}  // namespace

const std::vector<Sign>& Forecast::take(const Second& second) {
  if (!second.fills.empty()) signs_.clear();
  for (const Fill& fill : second.fills) {
    TimeToFull& table = fills_[fill.object];
    table.take(second.now_s, fill.used);
    const double share = fill.capacity > 0 ? fill.used / fill.capacity : 0;
    if (share < kWarnFrom) continue;
    const auto left_s = table.seconds_to(fill.capacity);
    if (!left_s || *left_s >= kWarnBelow_s) continue;
    const bool pages = *left_s < kPageBelow_s && share >= kPageFrom;
    signs_.push_back({"T6",
                      pages ? Severity::page : Severity::warn,
                      fill.object,
                      {},
                      pages ? "full_within_30_min" : "full_within_4_h",
                      share,
                      second.now_s,
                      "it is " + std::to_string(std::lround(share * 100)) +
                          " % full and has room for another " + minutes_text(*left_s)});
  }
  return signs_;
}

}  // namespace steadfast::detect
