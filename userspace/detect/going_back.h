// SPDX-License-Identifier: Apache-2.0
// GoingBack: what to type against a generation, by what became of it. Said too late it
// hits another one: `cancel` undoes whatever is pending then, `rollback` whatever runs.
//
// Must not enter: what to type against anything else.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "detect/change_made.h"

namespace steadfast::detect {

inline constexpr std::string_view kCancel = "steadfast cancel";      // it is pending
inline constexpr std::string_view kRollback = "steadfast rollback";  // it runs
inline constexpr std::string_view kHistory = "steadfast history";    // others came after it

inline bool is_going_back(std::string_view command) {
  return command == kCancel || command == kRollback || command == kHistory;
}

// `changes`: the newest last. `unconfirmed`: the generation that is; 0: none.
inline std::string_view going_back(std::uint64_t generation, const std::deque<ChangeMade>& changes,
                                   std::uint64_t unconfirmed) {
  if (generation == unconfirmed) return kCancel;
  const bool newest = !changes.empty() && changes.back().generation == generation;
  return newest ? kRollback : kHistory;
}

}  // namespace steadfast::detect
