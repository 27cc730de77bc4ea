// SPDX-License-Identifier: Apache-2.0
// Pictures, drawn by gnuplot.
#pragma once

#include <string>

#include "base/result.h"

namespace steadfast::cli {

// Runs `plot`, a script for gnuplot, and puts what it draws into `file`. An Error
// where gnuplot is not installed.
Result<void> draw(const std::string& plot, const std::string& file);

}  // namespace steadfast::cli
