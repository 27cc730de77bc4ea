// SPDX-License-Identifier: Apache-2.0
// TOML text → Node, or the first fault. The only file behind it, toml.cc,
// includes toml++, which takes seconds to compile.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/place.h"
#include "config/document.h"

namespace steadfast::config {

struct TomlFault {
  Place place;
  std::string message;
  bool redefinition = false;  // a key or table that is there already
  bool overflow = false;      // an integer beyond 64 bits
};

std::optional<TomlFault> read_toml(std::string_view text, Node& root);

}  // namespace steadfast::config
