// SPDX-License-Identifier: Apache-2.0
// Comments: every comment of a TOML text and the statement it stands with. What
// looks like one inside a string is none.
//
// Must not enter: what a comment says (check/allow.h).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/place.h"
#include "config/statements.h"

namespace steadfast::config {

inline constexpr std::size_t kNoStatement = SIZE_MAX;

struct Comment {
  Place place;                           // of its '#'
  std::string_view text;                 // behind the '#', to the end of the line
  std::size_t statement = kNoStatement;  // it stands on, within, or directly above
  bool within = false;                   // a line of a longer statement other than its first
  std::uint32_t line = 0;                // it speaks of: its own, or the next when it stands alone
};

// In the order of the file. The text must outlive them.
std::vector<Comment> find_comments(std::string_view text, const std::vector<Statement>& statements);

}  // namespace steadfast::config
