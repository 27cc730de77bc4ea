// SPDX-License-Identifier: Apache-2.0
#include "keeper/cases.h"

#include <algorithm>
#include <set>

namespace steadfast {

void Cases::open(const Name& name, health::Time now) {
  Case& open = cases_.try_emplace(name, Case{now, {}}).first->second;
  open.failing = true;
}

void Cases::adopt(const Model& model) {
  std::set<Name> there;
  turns_.clear();
  for (const Pool& pool : model.pools)
    for (const Backend& backend : pool.backends) {
      there.emplace(pool.name, backend.name);
      if (pool.health && backend.state != BackendState::disabled)
        turns_.emplace_back(pool.name, backend.name);
    }
  std::erase_if(cases_, [&](const auto& one) { return !there.contains(one.first); });
}

std::optional<Cases::Name> Cases::take_due(health::Time now) {
  auto longest = cases_.end();
  for (auto it = cases_.begin(); it != cases_.end(); ++it) {
    if (!it->second.due || *it->second.due > now) continue;
    if (longest == cases_.end() || *it->second.due < *longest->second.due) longest = it;
  }
  if (longest == cases_.end()) return take_turn(now);
  longest->second.due.reset();
  return longest->first;
}

std::optional<Cases::Name> Cases::take_turn(health::Time now) {
  if (turns_.empty() || turn_ || now < turn_due_) return std::nullopt;
  turn_due_ = now + kTurnEvery;
  const Name& name = turns_[next_turn_++ % turns_.size()];
  if (!cases_.contains(name)) turn_ = name;
  return turn_;
}

void Cases::note_turn(const Name& name, bool faulty, health::Time now) {
  if (faulty) cases_.try_emplace(name, Case{now + kSecondLook, {}, false});
}

void Cases::note(const Name& name, const std::vector<Examined>& found, health::Time now) {
  const auto fault =
      std::find_if(found.begin(), found.end(), [](const Examined& one) { return !one.code.empty(); });
  const bool faulty = fault != found.end();
  if (turn_ == name) {
    turn_.reset();
    return note_turn(name, faulty, now);
  }
  const auto open = cases_.find(name);
  if (open == cases_.end()) return;  // it recovered meanwhile
  if (!faulty && !open->second.failing) {
    cases_.erase(open);
    return;
  }
  open->second.due = now + kExamineAgain;
  open->second.finding = faulty ? Finding{fault->code, fault->sentence, fault->deaf} : Finding{};
}

const Cases::Finding* Cases::finding(const Name& name) const {
  const auto found = cases_.find(name);
  return found == cases_.end() || !found->second.finding ? nullptr : &*found->second.finding;
}

}  // namespace steadfast
