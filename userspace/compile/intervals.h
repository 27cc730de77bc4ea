// SPDX-License-Identifier: Apache-2.0
// Intervals: keys from here to there that mean something, laid over one another.
// flatten() resolves who wins, so that the packet path finds the answer by
// bisection and knows nothing of precedence.
//
// Must not enter: what the values mean (compile/ranges.h).
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "base/address.h"

namespace steadfast {

// As sf_range.key: host order, most significant first; IPv4 addresses and ports
// stand in `low`.
struct RangeKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const RangeKey&) const = default;
};

RangeKey first_key(const Prefix& prefix);
RangeKey last_key(const Prefix& prefix);
Address address_of(RangeKey key, Family family);

struct Interval {
  RangeKey first;
  RangeKey last;
  std::uint32_t rank = 0;  // the highest wins; among equals the lowest value, so that order never matters
  std::uint32_t value = 0;
};

// From `first` to the key before the next step's.
struct Step {
  RangeKey first;
  std::uint32_t value = 0;
  auto operator<=>(const Step&) const = default;
};

// Keys there are: nothing lies behind the last one.
inline constexpr RangeKey kLastPortKey{0, 65535};
inline constexpr RangeKey kLastKey{~std::uint64_t{0}, ~std::uint64_t{0}};
constexpr RangeKey last_key(Family family) {
  return family == Family::v4 ? RangeKey{0, 0xffffffff} : kLastKey;
}

// Sorted, covering every key from zero to `last`; neighbours differ. Where no interval is, `background`.
std::vector<Step> flatten(std::vector<Interval> intervals, std::uint32_t background, RangeKey last);

// What the steps say of one key.
std::uint32_t value_at(const std::vector<Step>& steps, RangeKey key);

}  // namespace steadfast
