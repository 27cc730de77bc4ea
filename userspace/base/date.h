// SPDX-License-Identifier: Apache-2.0
// A day of the calendar, as exceptions in a file end on: "2026-12-31", UTC.
//
// Must not enter: the clock; whoever has one passes the day on.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace steadfast {

struct Date {
  std::int32_t year = 0;
  std::uint32_t month = 0;
  std::uint32_t day = 0;
  auto operator<=>(const Date&) const = default;

  // YYYY-MM-DD of a day that exists.
  static std::optional<Date> parse(std::string_view text);
  // The day it is then, or now, in UTC.
  static Date of(std::chrono::system_clock::time_point time);
  static Date today() { return of(std::chrono::system_clock::now()); }
  std::string text() const;
};

// A second in UTC, as the journal and plans write it (RFC 3339).
std::string rfc3339(std::int64_t unix_s);
std::string rfc3339_now();

}  // namespace steadfast
