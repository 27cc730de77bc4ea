// SPDX-License-Identifier: Apache-2.0
// A count of the history in twelve bits, 5 of exponent and 7 of mantissa: exact up
// to 256, then within 0.4 %, up to 2.7e11.
//
// Must not enter: what is counted, and over how long.
#pragma once

#include <cstdint>

namespace steadfast {

inline constexpr unsigned kCellBits = 12;
inline constexpr std::uint64_t kCellMost = 255ull << 30;

// The nearest count that twelve bits can say; one beyond kCellMost is kCellMost.
std::uint16_t cell_of(std::uint64_t count);
std::uint64_t count_of(std::uint16_t cell);

}  // namespace steadfast
