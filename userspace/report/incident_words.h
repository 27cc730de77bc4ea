// SPDX-License-Identifier: Apache-2.0
// How the parts of an incident are put into words, the same on every page.
#pragma once

#include <optional>
#include <string>

#include "incident/record.h"

namespace steadfast::report {

std::string moment(double unix_s);                     // "2026-11-23T14:00:02Z"
std::string delay(const std::optional<double>& of_s);  // "1.4 s", "-"
std::string place(const detect::Suspect& suspect);     // "edge.toml:27"; empty when nowhere
std::string state(const incident::Record& record);     // "open" | "over"
// "generation 47 by alice"; empty when no generation brought it.
std::string origin(const detect::Suspect& suspect);

}  // namespace steadfast::report
