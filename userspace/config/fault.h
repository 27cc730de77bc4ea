// SPDX-License-Identifier: Apache-2.0
// Fault: what a TOML parser's complaint about one statement means to the
// operator: a value that is not there (SF102), one too large (SF103), a repeated
// key (SF104), or damage (SF105).
#pragma once

#include <string_view>

#include "config/finding.h"
#include "config/lines.h"
#include "config/statements.h"
#include "config/toml.h"

namespace steadfast::config {

// `fault` has its place in `text`, the file; `lines` are those of `text`.
Finding explain_fault(std::string_view text, const Lines& lines, const Statement& statement,
                      const TomlFault& fault);

}  // namespace steadfast::config
