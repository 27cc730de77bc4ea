// SPDX-License-Identifier: Apache-2.0
// Quantities as the operator writes them: "2s", "50%", "4M", "8000-8999". A number without
// its unit is refused here, because guessing it has taken networks down.
//
// Must not enter: which key may hold which quantity (parse.cc).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "config/config.h"

namespace steadfast::config {

// "500ms", "2s", "1m", "1h": a whole number and a unit, nothing between them.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// "50%", "12.5%": 0…100.
std::optional<double> parse_percent(std::string_view text);

// "10K", "4M", "1G" (powers of ten) or plain digits.
std::optional<std::int64_t> parse_count(std::string_view text);

// "8000-8999" or "all"; first ≤ last, both 1…65535.
std::optional<PortRange> parse_ports(std::string_view text);

}  // namespace steadfast::config
