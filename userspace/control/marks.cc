// SPDX-License-Identifier: Apache-2.0
#include "control/marks.h"

#include <algorithm>

namespace steadfast {
namespace {

// Empty for what no packet notices.
std::string word_for(const std::string& before, const std::string& after) {
  if (after == outcome::kRunning) return before == outcome::kPending ? "confirmed" : "live";
  const bool seen =
      after == outcome::kPending || after == outcome::kRolledBack || after == outcome::kCancelled;
  return seen ? after : "";
}

}  // namespace

void Marks::look(const std::vector<Generation>& generations, double now_s) {
  if (!began_) return begin(generations, now_s);
  std::map<std::uint64_t, std::string> outcomes;
  for (const Generation& generation : generations) {
    const auto before = outcomes_.find(generation.number);
    note(generation, before == outcomes_.end() ? "" : before->second, now_s);
    outcomes[generation.number] = generation.outcome;
  }
  outcomes_ = std::move(outcomes);
  while (marks_.size() > kKept || (!marks_.empty() && marks_.front().at_s < now_s - kDay_s))
    marks_.pop_front();
}

// What happened before the daemon began has no place in its history.
void Marks::begin(const std::vector<Generation>& generations, double now_s) {
  for (const Generation& generation : generations) {
    outcomes_[generation.number] = generation.outcome;
    if (generation.outcome == outcome::kRunning)
      marks_.push_back({now_s, generation.number, "started", generation.author, generation.reason});
  }
  began_ = true;
}

void Marks::note(const Generation& generation, const std::string& before, double now_s) {
  if (generation.outcome == before) return;
  const std::string word = word_for(before, generation.outcome);
  if (word.empty()) return;
  const std::string& why = generation.ended_because.empty() ? generation.reason : generation.ended_because;
  marks_.push_back({now_s, generation.number, word, generation.author, why});
}

std::vector<HistoryMark> Marks::since(double from_s) const {
  const auto first = std::find_if(marks_.begin(), marks_.end(),
                                  [&](const HistoryMark& mark) { return mark.at_s >= from_s; });
  return {first, marks_.end()};
}

}  // namespace steadfast
