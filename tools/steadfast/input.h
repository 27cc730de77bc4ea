// SPDX-License-Identifier: Apache-2.0
// Files as a verb takes them: read once, so that what is checked is what is sent.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "rehearsal/test_file.h"

namespace steadfast::cli {

struct Input {
  std::string text;
  std::string name;  // as findings show it
};

// "-" is standard input.
Result<Input> read_input(const std::string& path);

Result<std::vector<rehearsal::TestText>> read_tests(const std::vector<std::string>& paths);

// The tests of a configuration file: STEM.test.toml and STEM.*.test.toml beside
// it; without any of these every *.test.toml in its folder. Sorted by name, and
// empty when there are none.
Result<std::vector<rehearsal::TestText>> tests_beside(const std::string& file);

}  // namespace steadfast::cli
