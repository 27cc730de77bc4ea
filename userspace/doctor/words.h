// SPDX-License-Identifier: Apache-2.0
// Words that findings of several host rules share.
#pragma once

#include <cstddef>
#include <string>

#include "model/model.h"

namespace steadfast::doctor {

inline std::string quoted(const std::string& text) { return "\"" + text + "\""; }

// 1 "backend", 2 "backends".
inline std::string counted(std::size_t number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

// backend "web-01" of pool "web"
inline std::string described(const Pool& pool, const Backend& backend) {
  return "backend " + quoted(backend.name) + " of pool " + quoted(pool.name);
}

// …and 41 more, when there are.
inline std::string and_more(std::size_t all) {
  return all < 2 ? "" : " and " + std::to_string(all - 1) + " more";
}

}  // namespace steadfast::doctor
