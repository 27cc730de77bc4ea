// SPDX-License-Identifier: Apache-2.0
// Findings for people: the sentence, the place, the line of the file with a
// caret, the second place, the fix.
//
// Must not enter: which findings there are (check/), files, terminals.
#pragma once

#include <string>
#include <string_view>

#include "config/finding.h"

namespace steadfast::report {

// `source_text` is the file the findings are about; without it no line is shown.
std::string render_findings(const Findings& findings, std::string_view source_text, bool colour);

// "2 errors, 1 gate, 3 warnings"; "no findings".
std::string summary(const Tally& tally);

}  // namespace steadfast::report
