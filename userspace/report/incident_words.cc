// SPDX-License-Identifier: Apache-2.0
#include "report/incident_words.h"

#include <cmath>
#include <cstdio>

#include "base/date.h"
#include "report/quantity.h"

namespace steadfast::report {
namespace {

constexpr double kMinutes_s = 600;  // from here on tenths of a second say nothing

}  // namespace

std::string moment(double unix_s) { return rfc3339(static_cast<std::int64_t>(std::floor(unix_s))); }

std::string delay(const std::optional<double>& of_s) {
  if (!of_s) return "-";
  if (*of_s >= kMinutes_s) return duration(static_cast<std::uint64_t>(*of_s));
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", *of_s);
  return text;
}

std::string place(const detect::Suspect& suspect) {
  if (suspect.file.empty() || !suspect.place) return suspect.file;
  return suspect.file + ":" + std::to_string(suspect.place.line);
}

std::string state(const incident::Record& record) { return record.open ? "open" : "over"; }

std::string origin(const detect::Suspect& suspect) {
  if (suspect.generation == 0) return "";
  return "generation " + std::to_string(suspect.generation) +
         (suspect.author.empty() ? "" : " by " + suspect.author);
}

}  // namespace steadfast::report
