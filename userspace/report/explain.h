// SPDX-License-Identifier: Apache-2.0
// Explain: what a code or a verdict means, for the terminal and for the
// reference pages docs/rules.md and docs/verdicts.md, from the same declarations.
//
// Must not enter: what happened in a particular file or on a particular host.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace steadfast::report {

// The page of a code ("SF201") or verdict ("no_backend"); nothing when there is
// no such thing.
std::optional<std::string> explain(std::string_view word);

// " (did you mean "SF201"?)" for a word explain() does not know, or nothing.
std::string explain_hint(std::string_view word);

std::string rules_markdown();
std::string verdicts_markdown();

}  // namespace steadfast::report
