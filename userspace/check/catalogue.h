// SPDX-License-Identifier: Apache-2.0
// The catalogue: every rule there is, in the order of its code. `explain`, the
// reference page, SARIF and the example tests are all made from it.
#pragma once

#include <span>
#include <string_view>

#include "config/finding.h"

namespace steadfast {

std::span<const Rule* const> catalogue();
const Rule* find_rule(std::string_view code);  // nullptr when there is none

}  // namespace steadfast
