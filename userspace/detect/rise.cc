// SPDX-License-Identifier: Apache-2.0
#include "detect/rise.h"

#include <algorithm>
#include <cmath>

namespace steadfast::detect {
namespace {

// What is kept of ten minutes' memory after one second.
constexpr double kQuiet = 1 - 1.0 / 600;
// A sum that may grow without end would need as long to fall again.
constexpr double kMostOverThreshold = 2;
constexpr double kMostDispersion = 50;
// Strays come in handfuls too.
constexpr double kFewestDropped = 5;
constexpr unsigned kCleanFor_s = 10;
constexpr double kMissedAtMost = 10;

}  // namespace

double Rise::p0() const {
  const double learnt = quiet_packets_ > 0 ? quiet_dropped_ / quiet_packets_ : 0;
  return std::clamp(learnt, settings_.least_p0, 0.5);
}

double Rise::p1() const { return std::min(std::max(settings_.least_p1, settings_.factor * p0()), 0.9); }

void Rise::Sum::add(double more, double most, double second_packets, double second_dropped) {
  value = std::clamp(value + more, 0.0, most);
  if (value == 0) {
    *this = {};
    return;
  }
  ++rising_s;
  packets += second_packets;
  dropped += second_dropped;
}

void Rise::add(double packets, double dropped) {
  const double from = p0(), to = p1();
  const double more = (dropped * std::log(to / from) - packets * (to - from)) / dispersion_;
  const double most = kMostOverThreshold * settings_.threshold;
  sum_.add(more, most, packets, dropped);
  if (marked_) marked_->sum.add(more, most, packets, dropped);
}

void Rise::mark() { marked_.emplace(Mark{{}, recent_share()}); }

void Rise::unmark() {
  if (!alarm_ && has_risen(kUnconfirmedThreshold)) sum_ = {};
  marked_.reset();
}

bool Rise::has_risen(double threshold) const {
  return marked_ && marked_->sum.value >= threshold && marked_->sum.dropped >= kFewestDropped &&
         marked_->sum.share() >= 2 * marked_->share_before;
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

// Ten clean seconds, and enough packets in them that the share cannot have been missed by chance.
bool Rise::is_over(double packets, double dropped) {
  const double between = (p0() + p1()) / 2;
  if (recent_share() <= between) return true;
  const bool clean = dropped <= packets * between;
  clean_s_ = clean ? clean_s_ + 1 : 0;
  clean_packets_ = clean ? clean_packets_ + packets : 0;
  worst_share_ = std::max(worst_share_, rising_share());
  return clean_s_ >= kCleanFor_s && clean_packets_ * std::max(worst_share_, p1()) >= kMissedAtMost;
}

// The sum of a quiet service falls too slowly to say that it is over.
void Rise::end_when_over(double packets, double dropped) {
  ++alarm_s_;
  const bool accepted = settings_.accept_s && alarm_s_ >= *settings_.accept_s;
  if (accepted) quiet_packets_ = recent_packets_, quiet_dropped_ = recent_dropped_;
  if (!is_over(packets, dropped) && !accepted) return;
  alarm_ = false;
  clean_s_ = 0;
  clean_packets_ = 0;
  worst_share_ = 0;
  sum_ = {};
}

void Rise::take(std::uint64_t packets, std::uint64_t dropped) {
  const auto n = static_cast<double>(packets), d = static_cast<double>(dropped);
  remember(n, d);
  add(n, d);
  if (sum_.value == 0) learn(n, d);
  if (alarm_) return end_when_over(n, d);
  alarm_ = sum_.value >= settings_.threshold && sum_.dropped >= kFewestDropped;
  if (alarm_) alarm_s_ = 0;
}

}  // namespace steadfast::detect
