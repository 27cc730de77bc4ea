// SPDX-License-Identifier: Apache-2.0
// Shares: whether new flows went to the backends of a service as its ring says. The
// G statistic, 2·Σ seen·ln(seen/expected), is chi-squared with one degree of freedom
// less than there are backends when they did (Sokal and Rohlf, Biometry); it is given
// as the standard score of that (Wilson and Hilferty 1931), so that pools of any size
// compare.
//
// Must not enter: services whose flows are not spread by all five fields: there a
// busy source is no fault.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace steadfast::detect {

// Chance gives more once in a hundred million times.
inline constexpr double kUnlikelyScore = 6;

struct ShareSeen {
  std::uint64_t new_flows = 0;  // in the window
  double ring_share = 0;        // exact, 0…1
};

struct Deviation {
  double score = 0;       // standard deviations
  std::size_t worst = 0;  // the backend that differs most
  double seen_share = 0;  // of the worst
};

// Nothing while there are too few flows to say: fewer than five expected somewhere.
std::optional<Deviation> deviation(std::span<const ShareSeen> backends);

}  // namespace steadfast::detect
