// SPDX-License-Identifier: Apache-2.0
// GoingBack: what to type against a generation, by what became of it. Said too late it
// hits another one: `cancel` undoes whatever is pending then, `rollback` whatever runs.
//
// Must not enter: what to type against anything else.
#pragma once

#include <cstdint>
#include <string_view>

namespace steadfast::detect {

inline constexpr std::string_view kCancel = "steadfast cancel";      // it is pending
inline constexpr std::string_view kRollback = "steadfast rollback";  // it runs
inline constexpr std::string_view kHistory = "steadfast history";    // it went back, or others came after it

inline bool is_going_back(std::string_view command) {
  return command == kCancel || command == kRollback || command == kHistory;
}

// `running`: the generation that packets should follow. `unconfirmed`: the one that is; 0: none.
inline std::string_view going_back(std::uint64_t generation, std::uint64_t running,
                                   std::uint64_t unconfirmed) {
  if (generation == unconfirmed) return kCancel;
  return generation == running && unconfirmed == 0 ? kRollback : kHistory;
}

}  // namespace steadfast::detect
