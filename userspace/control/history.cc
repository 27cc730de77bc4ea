// SPDX-License-Identifier: Apache-2.0
#include "control/history.h"

#include <algorithm>
#include <utility>

namespace steadfast {

const Generation* History::find(std::uint64_t number) const {
  const auto found = std::find_if(all().begin(), all().end(),
                                  [&](const Generation& generation) { return generation.number == number; });
  return found == all().end() ? nullptr : &*found;
}

Result<std::string> History::text(std::uint64_t number) const {
  if (journal_) return journal_->text(number);
  const auto found = texts_.find(number);
  if (found == texts_.end()) return Error{"generation " + std::to_string(number) + " is not known"};
  return found->second;
}

std::uint64_t History::confirmed_before(const Generation& running) const {
  const auto before = std::find_if(all().rbegin(), all().rend(), [&](const Generation& generation) {
    return generation.number < running.number && generation.outcome == outcome::kReplaced &&
           generation.digest != running.digest;
  });
  return before == all().rend() ? 0 : before->number;
}

const Generation* History::rolled_back(const std::string& digest) const {
  const auto last = std::find_if(all().rbegin(), all().rend(), [&](const Generation& generation) {
    return generation.digest == digest && generation.outcome != outcome::kWritten;
  });
  return last != all().rend() && last->outcome == outcome::kRolledBack ? &*last : nullptr;
}

Result<void> History::write(const Generation& generation, const std::string& text) {
  if (find(generation.number) != nullptr) return {};
  if (journal_) return journal_->write(generation, text);
  generations_.push_back(generation);
  generations_.back().outcome = outcome::kWritten;
  texts_[generation.number] = text;
  return {};
}

Result<void> History::set_outcome(std::uint64_t number, const std::string& outcome,
                                  const std::string& because) {
  if (journal_) return journal_->set_outcome(number, outcome, because);
  for (Generation& generation : generations_)
    if (generation.number == number) generation.outcome = outcome, generation.ended_because = because;
  return {};
}

Result<void> History::confirm(std::uint64_t number, const std::string& confirmed_by,
                              const std::string& former_outcome, const std::string& because) {
  if (journal_) return journal_->confirm(number, confirmed_by, former_outcome, because);
  const std::uint64_t former = std::exchange(confirmed_, number);
  if (former != number)
    if (auto set = set_outcome(former, former_outcome, because); !set) return set;
  for (Generation& generation : generations_)
    if (generation.number == number) generation.confirmed = true;
  return set_outcome(number, outcome::kRunning);
}

}  // namespace steadfast
