// SPDX-License-Identifier: Apache-2.0
// Files as a verb takes them: read once, so that what is checked is what is sent.
#pragma once

#include <string>

#include "base/result.h"

namespace steadfast::cli {

struct Input {
  std::string text;
  std::string name;  // as findings show it
};

// "-" is standard input.
Result<Input> read_input(const std::string& path);

}  // namespace steadfast::cli
