// SPDX-License-Identifier: Apache-2.0
// Words as screens join them.
#pragma once

#include <string>
#include <vector>

namespace steadfast::report {

inline std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// A cell that would be empty is marked: it was not forgotten.
inline std::string or_dash(const std::string& text) { return text.empty() ? "-" : text; }

}  // namespace steadfast::report
