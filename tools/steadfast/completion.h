// SPDX-License-Identifier: Apache-2.0
// Completion scripts, made from the table of verbs.
#pragma once

#include <string>

namespace steadfast::cli {

std::string completion_script(const std::string& shell);  // "bash", "zsh" or "fish"

}  // namespace steadfast::cli
