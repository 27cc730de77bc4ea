// SPDX-License-Identifier: Apache-2.0
#include "detect/rise.h"

#include <algorithm>
#include <cmath>

namespace steadfast::detect {
namespace {

// What is kept of a memory after one second: half a minute's and ten minutes' worth.
constexpr double kRecent = 1 - 1.0 / 30;
constexpr double kQuiet = 1 - 1.0 / 600;
// A sum that may grow without end would need as long to fall again.
constexpr double kMostOverThreshold = 2;
constexpr double kMostDispersion = 50;

}  // namespace

double Rise::p0() const {
  const double learnt = quiet_packets_ > 0 ? quiet_dropped_ / quiet_packets_ : 0;
  return std::clamp(learnt, settings_.least_p0, 0.5);
}

double Rise::p1() const { return std::min(std::max(settings_.least_p1, settings_.factor * p0()), 0.9); }

void Rise::add(double packets, double dropped) {
  const double from = p0(), to = p1();
  sum_ += (dropped * std::log(to / from) - packets * (to - from)) / dispersion_;
  sum_ = std::clamp(sum_, 0.0, kMostOverThreshold * settings_.threshold);
  rising_s_ = sum_ > 0 ? rising_s_ + 1 : 0;
}

void Rise::remember(double packets, double dropped) {
  recent_packets_ = recent_packets_ * kRecent + packets;
  recent_dropped_ = recent_dropped_ * kRecent + dropped;
}

// Only from seconds in which nothing rises, or a slow rise would teach the baseline
// to take it for normal.
void Rise::learn(double packets, double dropped) {
  const double expected = packets * p0();
  if (expected > 0) {
    const double pearson = (dropped - expected) * (dropped - expected) / expected;
    dispersion_ = std::clamp(dispersion_ * kQuiet + pearson * (1 - kQuiet), 1.0, kMostDispersion);
  }
  quiet_packets_ = quiet_packets_ * kQuiet + packets;
  quiet_dropped_ = quiet_dropped_ * kQuiet + dropped;
}

// The sum of a quiet service falls too slowly to say that it is over.
void Rise::end_when_over() {
  ++alarm_s_;
  const bool accepted = settings_.accept_s && alarm_s_ >= *settings_.accept_s;
  if (accepted) quiet_packets_ = recent_packets_, quiet_dropped_ = recent_dropped_;
  if (!accepted && recent_share() > (p0() + p1()) / 2) return;
  alarm_ = false;
  sum_ = 0;
  rising_s_ = 0;
}

void Rise::take(std::uint64_t packets, std::uint64_t dropped) {
  const auto n = static_cast<double>(packets), d = static_cast<double>(dropped);
  remember(n, d);
  add(n, d);
  if (sum_ == 0) learn(n, d);
  if (alarm_) return end_when_over();
  alarm_ = sum_ >= settings_.threshold;
  if (alarm_) alarm_s_ = 0;
}

}  // namespace steadfast::detect
