// SPDX-License-Identifier: Apache-2.0
#include "audit/read_back.h"

#include <algorithm>

namespace steadfast::audit {
namespace {

constexpr double kNanosecondsPerSecond = 1e9;

double seconds(std::uint64_t from_ns, std::uint64_t to_ns) {
  return static_cast<double>(to_ns - from_ns) / kNanosecondsPerSecond;
}

}  // namespace

// What was published was read back; the pass goes on where it is, or a daemon that
// publishes every second would never finish one.
void ReadBack::begin(std::size_t pieces, std::uint64_t revision, std::uint64_t now_ns) {
  if (last_step_ns_ == 0) last_step_ns_ = now_ns;
  if (revision == revision_ && pieces == right_ns_.size()) return;
  revision_ = revision;
  right_ns_.assign(pieces, now_ns);
  wrong_.clear();
  next_ = pieces == 0 ? 0 : next_ % pieces;
}

void ReadBack::look(const Memory& memory, const std::vector<Written>& written, const Piece& piece,
                    std::size_t at, std::uint64_t now_ns, Found& found) {
  std::vector<Difference> differences;
  if (compare(memory, written, piece, differences)) {
    right_ns_[at] = now_ns;
    wrong_.erase(at);
    return;
  }
  if (!wrong_.contains(at)) {
    found.right_before_s = std::max(found.right_before_s, seconds(right_ns_[at], now_ns));
    found.differences.insert(found.differences.end(), differences.begin(), differences.end());
  }
  wrong_[at] = std::move(differences);
}

ReadBack::Found ReadBack::step(const Memory& memory, const std::vector<Written>& written,
                               std::uint64_t revision, std::uint64_t now_ns) {
  Found found;
  const auto pieces = pieces_of(memory, written);
  begin(pieces.size(), revision, now_ns);
  credit_ += seconds(last_step_ns_, now_ns) / kPass_s * static_cast<double>(pieces.size());
  credit_ = std::min(credit_, static_cast<double>(pieces.size()));
  last_step_ns_ = now_ns;
  for (; credit_ >= 1; credit_ -= 1) {
    look(memory, written, pieces[next_], next_, now_ns, found);
    next_ = (next_ + 1) % pieces.size();
    if (next_ == 0) whole_ns_ = now_ns;
  }
  return found;
}

ReadBack::Found ReadBack::whole(const Memory& memory, const std::vector<Written>& written,
                                std::uint64_t revision, std::uint64_t now_ns) {
  Found found;
  const auto pieces = pieces_of(memory, written);
  begin(pieces.size(), revision, now_ns);
  for (std::size_t at = 0; at < pieces.size(); ++at) look(memory, written, pieces[at], at, now_ns, found);
  whole_ns_ = now_ns;
  return found;
}

std::vector<Difference> ReadBack::standing() const {
  std::vector<Difference> all;
  for (const auto& [at, differences] : wrong_) all.insert(all.end(), differences.begin(), differences.end());
  return all;
}

}  // namespace steadfast::audit
