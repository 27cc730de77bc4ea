// SPDX-License-Identifier: Apache-2.0
// A configuration with one thing changed; a test that changes nothing tests nothing.
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace steadfast {

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

}  // namespace steadfast
