// SPDX-License-Identifier: Apache-2.0
// Golden files: STEADFAST_UPDATE_GOLDEN=1 rewrites them instead of comparing.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace steadfast {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  EXPECT_TRUE(stream.is_open()) << path;
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

inline void expect_golden(const std::string& text, const std::string& path) {
  const std::filesystem::path file = std::filesystem::path(STEADFAST_SOURCE_DIR) / path;
  if (std::getenv("STEADFAST_UPDATE_GOLDEN")) std::ofstream(file, std::ios::binary) << text;
  EXPECT_EQ(read_file(file), text) << path << " is stale; STEADFAST_UPDATE_GOLDEN=1 rewrites it";
}

}  // namespace steadfast
