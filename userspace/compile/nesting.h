// SPDX-License-Identifier: Apache-2.0
// Nesting: which prefix of a list lies within which other one.
//
// Must not enter: what a prefix stands for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/address.h"

namespace steadfast {

inline constexpr std::size_t kNoHolder = SIZE_MAX;

// Of each prefix the index of the longest other one that holds it, or of the twin
// before it. `sorted` is in order of address, the shorter before what it holds.
std::vector<std::size_t> holders_of(const std::vector<Prefix>& sorted);

bool holds(const Prefix& outer, const Prefix& inner);

}  // namespace steadfast
