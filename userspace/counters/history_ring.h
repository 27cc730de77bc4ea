// SPDX-License-Identifier: Apache-2.0
// HistoryRing: the newest rows of something counted at even steps of time, each row
// a count for every lane. Memory is taken once; what nobody wrote is a gap, which is
// not zero.
//
// Must not enter: clocks, what the lanes are.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace steadfast {

class HistoryRing {
 public:
  HistoryRing(std::size_t lanes, std::size_t rows);

  // Of the step `number`, which is above all before it.
  void put(std::int64_t number, std::span<const std::uint64_t> counts);
  // None for a gap, and for what the ring has not, or no longer.
  std::optional<std::uint64_t> at(std::int64_t number, std::size_t lane) const;
  std::size_t bytes() const { return words_.capacity() * sizeof words_.front(); }

 private:
  std::size_t row_of(std::int64_t number) const;
  void forget_between(std::int64_t number);

  std::size_t words_per_row_;
  std::int64_t rows_;
  std::int64_t newest_ = std::numeric_limits<std::int64_t>::min();
  std::vector<std::uint64_t> words_;  // five lanes each, and in the top bit that the row is known
};

}  // namespace steadfast
