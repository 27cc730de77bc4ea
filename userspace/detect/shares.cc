// SPDX-License-Identifier: Apache-2.0
#include "detect/shares.h"

#include <algorithm>
#include <cmath>

namespace steadfast::detect {
namespace {

constexpr double kFewestExpected = 5;

double standard_score(double chi_squared, double freedom) {
  const double spread = 2 / (9 * freedom);
  return (std::cbrt(chi_squared / freedom) - (1 - spread)) / std::sqrt(spread);
}

double term(double seen, double expected) { return seen == 0 ? 0 : 2 * seen * std::log(seen / expected); }

}  // namespace

std::optional<Deviation> deviation(std::span<const ShareSeen> backends) {
  double flows = 0, share = 0;
  for (const ShareSeen& one : backends) flows += static_cast<double>(one.new_flows), share += one.ring_share;
  double g = 0, most = -1;
  std::size_t in_ring = 0;
  Deviation found;
  for (std::size_t i = 0; i < backends.size(); ++i) {
    if (backends[i].ring_share == 0) continue;
    const auto seen = static_cast<double>(backends[i].new_flows);
    const double expected = flows * backends[i].ring_share / share;
    if (expected < kFewestExpected) return std::nullopt;
    ++in_ring;
    g += term(seen, expected);
    const double distance = std::abs(seen - expected) / std::sqrt(expected);
    if (distance <= most) continue;
    most = distance;
    found.worst = i;
    found.seen_share = seen / flows;
  }
  if (in_ring < 2) return std::nullopt;
  found.score = standard_score(std::max(g, 0.0), static_cast<double>(in_ring - 1));
  return found;
}

}  // namespace steadfast::detect
