// SPDX-License-Identifier: Apache-2.0
#include "compile/nesting.h"

namespace steadfast {

// In order of address a prefix follows what holds it, and the way back to the last
// that does is a stack.
std::vector<std::size_t> holders_of(const std::vector<Prefix>& sorted) {
  std::vector<std::size_t> holders;
  holders.reserve(sorted.size());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    std::size_t above = i == 0 ? kNoHolder : i - 1;
    while (above != kNoHolder && !holds(sorted[above], sorted[i])) above = holders[above];
    holders.push_back(above);
  }
  return holders;
}

bool holds(const Prefix& outer, const Prefix& inner) {
  return outer.length <= inner.length && outer.contains(inner.address);
}

}  // namespace steadfast
