// SPDX-License-Identifier: Apache-2.0
#include "counters/history_ring.h"

#include <algorithm>

#include "base/bug.h"
#include "counters/history_cell.h"

namespace steadfast {
namespace {

constexpr std::size_t kLanesPerWord = 64 / kCellBits;
constexpr std::uint64_t kKnown = 1ull << 63;
constexpr std::uint64_t kCellMask = (1ull << kCellBits) - 1;

}  // namespace

HistoryRing::HistoryRing(std::size_t lanes, std::size_t rows)
    : words_per_row_((lanes + kLanesPerWord - 1) / kLanesPerWord),
      rows_(static_cast<std::int64_t>(rows)),
      words_(words_per_row_ * rows) {}

std::size_t HistoryRing::row_of(std::int64_t number) const {
  return static_cast<std::size_t>((number % rows_ + rows_) % rows_) * words_per_row_;
}

void HistoryRing::put(std::int64_t number, std::span<const std::uint64_t> counts) {
  invariant(number > newest_, "history is written in the order of time");
  forget_between(number);
  newest_ = number;
  std::uint64_t* row = &words_[row_of(number)];
  std::fill_n(row, words_per_row_, kKnown);
  for (std::size_t lane = 0; lane < counts.size(); ++lane)
    row[lane / kLanesPerWord] |= std::uint64_t{cell_of(counts[lane])} << lane % kLanesPerWord * kCellBits;
}

// Rows that were skipped hold what was there a turn ago.
void HistoryRing::forget_between(std::int64_t number) {
  if (newest_ == std::numeric_limits<std::int64_t>::min()) return;
  for (std::int64_t skipped = std::max(newest_ + 1, number - rows_); skipped < number; ++skipped)
    std::fill_n(&words_[row_of(skipped)], words_per_row_, 0);
}

std::optional<std::uint64_t> HistoryRing::at(std::int64_t number, std::size_t lane) const {
  if (number > newest_ || newest_ - number >= rows_) return std::nullopt;
  const std::uint64_t word = words_[row_of(number) + lane / kLanesPerWord];
  if ((word & kKnown) == 0) return std::nullopt;
  return count_of(static_cast<std::uint16_t>(word >> lane % kLanesPerWord * kCellBits & kCellMask));
}

}  // namespace steadfast
