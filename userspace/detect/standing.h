// SPDX-License-Identifier: Apache-2.0
// Standing: the alarms that last. One begins with its first sign and ends when there
// has been none for some seconds, so that what flickers is one alarm.
//
// Must not enter: what an alarm says (the caller describes it when it begins).
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "detect/alarm.h"
#include "detect/sign.h"

namespace steadfast::detect {

inline constexpr double kHold_s = 10;

class Standing {
 public:
  struct One {
    Sign sign;  // as it was when it began
    Alarm alarm;
    double seen_s = 0;
    std::uint64_t harm_of = 0;  // the unconfirmed generation that is to blame; 0: none
  };

  using Describe = std::function<Alarm(const Sign&)>;
  // All signs of one second; those before win over later ones with the same key.
  void take(const std::vector<Sign>& signs, double now_s, const Describe& describe);

  std::vector<Alarm> alarms() const;
  // Of each one what to type against generations: `command_of` says it of one that is a suspect.
  void renew_commands(const std::function<std::string_view(std::uint64_t generation)>& command_of);
  // The one that began with this sign or another of the same key.
  One& of(const Sign& sign);
  const std::vector<One>& all() const { return all_; }

 private:
  std::vector<One> all_;  // in the order in which they began
};

}  // namespace steadfast::detect
