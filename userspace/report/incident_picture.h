// SPDX-License-Identifier: Apache-2.0
// The picture of an incident as a script for gnuplot: packets and drops per second,
// and a line for each of its steps.
//
// Must not enter: running gnuplot (tools/steadfast/picture.h).
#pragma once

#include <string>

#include "incident/record.h"

namespace steadfast::report {

// Writes an SVG to gnuplot's standard output. Empty: nothing was counted.
std::string incident_plot(const incident::Record& record);

}  // namespace steadfast::report
