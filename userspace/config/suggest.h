// SPDX-License-Identifier: Apache-2.0
// Did you mean: the word an operator most likely meant by one that is not known.
//
// Must not enter: what the words stand for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace steadfast {

// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
unsigned edit_distance(std::string_view a, std::string_view b);

// The nearest candidate; empty when none is near enough to be worth a hint.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

// " (did you mean "weight"?)", or nothing.
std::string did_you_mean(std::string_view suggestion);

}  // namespace steadfast
