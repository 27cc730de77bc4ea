// SPDX-License-Identifier: Apache-2.0
// What the bytes of a file say before anything is parsed: whether they are text
// at all, and whether the file is whole (SF105).
//
// Must not enter: TOML.
#pragma once

#include <cstdint>
#include <set>
#include <string_view>

#include "config/finding.h"

namespace steadfast::config {

struct Damage {
  std::set<std::uint32_t> lines;  // reported, and not to be read
  bool cut = false;               // the end of the file is missing
};

// `text` is not empty.
Damage inspect_bytes(std::string_view text, Findings& findings);

}  // namespace steadfast::config
