// SPDX-License-Identifier: Apache-2.0
#include "simulation/baselines.h"

#include <algorithm>
#include <cmath>

namespace steadfast::simulation {
namespace {

constexpr double kBudget = 0.001, kBurnRate = 14.4;
constexpr double kShare = 0.01, kScore = 3;
constexpr unsigned kFor_s = 300;
constexpr std::size_t kLearnt_s = 600;

}  // namespace

void Window::take(double packets, double dropped) {
  auto& [old_packets, old_dropped] = seconds_[next_];
  packets_ += packets - old_packets;
  dropped_ += dropped - old_dropped;
  seconds_[next_] = {packets, dropped};
  next_ = (next_ + 1) % seconds_.size();
}

// Of the share of each second; it is told before it learns.
bool Baselines::is_unusual(double share) {
  const auto known = static_cast<double>(known_);
  const double mean = known_ > 0 ? sum_ / known : 0;
  const double deviation = known_ > 0 ? std::sqrt(std::max(0.0, squares_ / known - mean * mean)) : 0;
  const bool unusual = known_ >= kLearnt_s && share > mean + kScore * deviation && share > 0;
  if (known_ == shares_.size()) {
    sum_ -= shares_[next_];
    squares_ -= shares_[next_] * shares_[next_];
  } else {
    ++known_;
  }
  shares_[next_] = share;
  sum_ += share;
  squares_ += share * share;
  next_ = (next_ + 1) % shares_.size();
  return unusual;
}

void Baselines::take(std::uint64_t packets, std::uint64_t dropped) {
  const auto n = static_cast<double>(packets), d = static_cast<double>(dropped);
  hour_.take(n, d);
  minutes_.take(n, d);
  alarms_[burn_rate] = hour_.share() > kBurnRate * kBudget && minutes_.share() > kBurnRate * kBudget;
  const double share = n > 0 ? d / n : 0;
  above_s_ = share > kShare ? above_s_ + 1 : 0;
  alarms_[above_one_percent] = above_s_ >= kFor_s;
  alarms_[three_sigma] = is_unusual(share);
}

}  // namespace steadfast::simulation
