// SPDX-License-Identifier: Apache-2.0
// A directory of the test's own, gone when the test ends.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/bug.h"

namespace steadfast {

class Scratch {
 public:
  Scratch() {
    std::string name = std::filesystem::temp_directory_path() / "steadfast-test-XXXXXX";
    invariant(mkdtemp(name.data()) != nullptr, "a test may make a directory");
    path_ = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace steadfast
