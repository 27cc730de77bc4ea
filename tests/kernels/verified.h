// SPDX-License-Identifier: Apache-2.0
// What the verifier of the running kernel makes of every program there is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace steadfast {

struct VerifiedProgram {
  std::string name;
  std::uint32_t instructions = 0;  // walked, not held
};

// Loads every program object; fails with the verifier's own words.
Result<std::vector<VerifiedProgram>> verify_all();

}  // namespace steadfast
