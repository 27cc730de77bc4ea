// SPDX-License-Identifier: Apache-2.0
// What Steadfast needs of a kernel and of its process, as numbers.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/model.h"

namespace steadfast::doctor {

inline constexpr char kOldestKernel[] = "5.15";
// Probes beyond this wait (probe::ProberSettings; a test holds the two together).
inline constexpr std::uint64_t kMostProbesAtOnce = 4096;
// Everything but probes: tables, sockets, the journal.
inline constexpr std::uint64_t kOwnFiles = 256;

// By its first two numbers: "5.4.0-150-generic".
bool is_older_than_needed(std::string_view release);
// When no backend answers, every check lasts as long as its timeout.
std::uint64_t files_needed(const Model& model);

}  // namespace steadfast::doctor
