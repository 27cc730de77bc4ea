// SPDX-License-Identifier: Apache-2.0
#include "counters/history_cell.h"

#include <bit>

namespace steadfast {
namespace {

constexpr unsigned kMantissaBits = 7;
constexpr std::uint64_t kHidden = 1u << kMantissaBits;  // the leading bit that is not stored

}  // namespace

std::uint16_t cell_of(std::uint64_t count) {
  if (count >= kCellMost) count = kCellMost;
  if (count < 2 * kHidden) return static_cast<std::uint16_t>(count);
  unsigned shift = static_cast<unsigned>(std::bit_width(count)) - (kMantissaBits + 1);
  std::uint64_t mantissa = (count + (1ull << (shift - 1))) >> shift;
  if (mantissa == 2 * kHidden) {
    mantissa = kHidden;
    ++shift;
  }
  return static_cast<std::uint16_t>((shift + 1) << kMantissaBits | (mantissa - kHidden));
}

std::uint64_t count_of(std::uint16_t cell) {
  const unsigned exponent = cell >> kMantissaBits;
  const std::uint64_t mantissa = cell & (kHidden - 1);
  return exponent == 0 ? mantissa : (kHidden | mantissa) << (exponent - 1);
}

}  // namespace steadfast
