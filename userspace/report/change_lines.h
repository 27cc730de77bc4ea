// SPDX-License-Identifier: Apache-2.0
// Change lines: what a difference changes, for people: an object with its line
// and every key before and after.
//
// Must not enter: what the difference does to traffic (report/plan_text.h).
#pragma once

#include <string>
#include <vector>

#include "plan/difference.h"

namespace steadfast::report {

// Names of the two configurations, as places show them: "edge.toml", "generation 46".
struct Sides {
  std::string before;
  std::string after;
};

// At most `most` objects; what is left out is counted.
std::string change_lines(const std::vector<ObjectChange>& objects, const Sides& sides, std::size_t most,
                         bool colour);

}  // namespace steadfast::report
