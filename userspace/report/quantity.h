// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them. Exact where exactness decides something
// (packets), rounded where a glance does (bytes).
#pragma once

#include <cstdint>
#include <string>

namespace steadfast::report {

std::string count(std::uint64_t value);       // "1,234,567"
std::string bytes(std::uint64_t value);       // "1.2 GiB"
std::string percent(double share);            // 0.12345 → "12.35%"
std::string duration(std::uint64_t seconds);  // "3d 4h 5m", "42s"

}  // namespace steadfast::report
