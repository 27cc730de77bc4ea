// SPDX-License-Identifier: Apache-2.0
#include "report/quantity.h"

#include <array>
#include <cstdio>

namespace steadfast::report {
namespace {

std::string decimal(double value, int places) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", places, value);
  return text.data();
}

}  // namespace

std::string count(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string bytes(std::uint64_t value) {
  constexpr std::array<const char*, 6> kUnits{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (value < 1024) return std::to_string(value) + " B";
  double scaled = static_cast<double>(value) / 1024;
  std::size_t unit = 0;
  // 1023.95 would print as "1024.0": the next unit's place.
  while (scaled >= 1023.95 && unit + 1 < kUnits.size()) {
    scaled /= 1024;
    unit++;
  }
  return decimal(scaled, 1) + " " + kUnits[unit];
}

std::string percent(double share) { return decimal(share * 100, 2) + "%"; }

std::string duration(std::uint64_t seconds) {
  const std::uint64_t days = seconds / 86400, hours = seconds / 3600 % 24, minutes = seconds / 60 % 60;
  std::string out;
  if (days != 0) out += std::to_string(days) + "d ";
  if (days != 0 || hours != 0) out += std::to_string(hours) + "h ";
  if (days != 0 || hours != 0 || minutes != 0) return out + std::to_string(minutes) + "m";
  return std::to_string(seconds) + "s";
}

}  // namespace steadfast::report
