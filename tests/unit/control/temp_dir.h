// SPDX-License-Identifier: Apache-2.0
// A directory of its own for a test, gone with it. Its path is short: a Unix
// socket's name has room for 107 bytes.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

namespace steadfast {

class TempDir {
 public:
  TempDir() {
    std::string pattern = "/tmp/sf-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "mkdtemp";
    path_ = pattern;
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() { std::filesystem::remove_all(path_); }

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace steadfast
