// SPDX-License-Identifier: Apache-2.0
#include "base/date.h"

#include <charconv>
#include <cstdio>
#include <ctime>

namespace steadfast {
namespace {

constexpr std::size_t kLength = 10;  // "2026-12-31"

template <typename Number>
bool read(std::string_view digits, Number& number) {
  for (const char c : digits)
    if (c < '0' || c > '9') return false;
  return std::from_chars(digits.data(), digits.data() + digits.size(), number).ec == std::errc{};
}

}  // namespace

std::optional<Date> Date::parse(std::string_view text) {
  if (text.size() != kLength || text[4] != '-' || text[7] != '-') return std::nullopt;
  Date date;
  if (!read(text.substr(0, 4), date.year) || !read(text.substr(5, 2), date.month) ||
      !read(text.substr(8, 2), date.day))
    return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(date.year), std::chrono::month(date.month),
                                        std::chrono::day(date.day)};
  if (!day.ok()) return std::nullopt;
  return date;
}

Date Date::of(std::chrono::system_clock::time_point time) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
  return {static_cast<int>(day.year()), static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day())};
}

std::string Date::text() const {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%04d-%02u-%02u", year, month, day);
  return digits;
}

std::string rfc3339(std::int64_t unix_s) {
  const std::time_t time = unix_s;
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::string rfc3339_now() { return rfc3339(std::time(nullptr)); }

}  // namespace steadfast
