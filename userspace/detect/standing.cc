// SPDX-License-Identifier: Apache-2.0
#include "detect/standing.h"

#include <algorithm>

#include "base/bug.h"
#include "detect/going_back.h"
#include "detect/sentence.h"

namespace steadfast::detect {

void Standing::take(const std::vector<Sign>& signs, double now_s, const Describe& describe) {
  for (const Sign& sign : signs) {
    const auto known = std::find_if(all_.begin(), all_.end(),
                                    [key = sign.key()](const One& one) { return one.alarm.key == key; });
    if (known == all_.end())
      all_.push_back({sign, describe(sign), now_s});
    else
      known->seen_s = now_s;
  }
  std::erase_if(all_, [&](const One& one) { return now_s - one.seen_s > kHold_s; });
}

void Standing::renew_commands(const std::function<std::string_view(std::uint64_t generation)>& command_of) {
  for (One& one : all_) {
    bool renewed = false;
    for (Suspect& suspect : one.alarm.suspects) {
      if (!is_going_back(suspect.command)) continue;
      const std::string_view command = command_of(suspect.generation);
      renewed = renewed || command != suspect.command;
      suspect.command = command;
    }
    if (renewed) one.alarm.sentence = sentence(one.sign, one.alarm);
  }
}

Standing::One& Standing::of(const Sign& sign) {
  const auto found = std::find_if(all_.begin(), all_.end(),
                                  [key = sign.key()](const One& one) { return one.alarm.key == key; });
  invariant(found != all_.end(), "every sign of a second has been taken");
  return *found;
}

std::vector<Alarm> Standing::alarms() const {
  std::vector<Alarm> alarms;
  alarms.reserve(all_.size());
  for (const One& one : all_) alarms.push_back(one.alarm);
  return alarms;
}

}  // namespace steadfast::detect
