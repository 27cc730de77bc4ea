// SPDX-License-Identifier: Apache-2.0
// Occupancy: how much of what the kernel gives is taken: neighbours of all network
// namespaces together, memory of this process, or of its control group where that
// has a limit.
//
// Must not enter: judgement (detect/forecast.h).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace steadfast::host {

struct Occupancy {
  std::string name;  // "memory", "table/neighbours-ipv4"
  double used = 0;
  double capacity = 0;
};

// What the kernel does not show is absent: a network namespace has no thresholds of its
// own, a host without IPv6 no neighbours of it. `root`: "/", below which /proc and /sys are.
std::vector<Occupancy> read_occupancies(const std::filesystem::path& root);

}  // namespace steadfast::host
