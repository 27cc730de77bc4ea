// SPDX-License-Identifier: Apache-2.0
// Golden files: what a page or a screen must look like, byte for byte. With
// STEADFAST_UPDATE_GOLDEN=1 in the environment a run writes them instead; the
// difference is then reviewed like code.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace steadfast::golden {

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// `path` counts from the root of the source tree.
inline void expect_golden(const std::string& path, const std::string& actual) {
  const std::string file = std::string(STEADFAST_SOURCE_DIR) + "/" + path;
  if (std::getenv("STEADFAST_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(file, std::ios::binary) << actual;
    return;
  }
  EXPECT_EQ(read_file(file), actual) << path << " is stale; STEADFAST_UPDATE_GOLDEN=1 rewrites it";
}

}  // namespace steadfast::golden
