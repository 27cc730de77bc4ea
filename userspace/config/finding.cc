// SPDX-License-Identifier: Apache-2.0
#include "config/finding.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace steadfast {

std::string_view name(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::gate:
      return "gate";
    case Severity::warn:
      return "warn";
    case Severity::note:
      return "note";
  }
  return "error";
}

Finding make(const Rule& rule, std::string object, Place place, std::string message) {
  Finding finding;
  finding.code = rule.code;
  finding.severity = rule.severity;
  finding.message = std::move(message);
  finding.place = place;
  finding.object = std::move(object);
  finding.fix = rule.fix;
  return finding;
}

void sort(Findings& findings) {
  const auto key = [](const Finding& f) { return std::tie(f.place, f.code, f.object, f.message); };
  std::stable_sort(findings.begin(), findings.end(),
                   [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
}

Tally tally(const Findings& findings) {
  Tally sum;
  for (const Finding& finding : findings) {
    switch (finding.severity) {
      case Severity::error:
        ++sum.errors;
        break;
      case Severity::gate:
        ++sum.gates;
        break;
      case Severity::warn:
        ++sum.warnings;
        break;
      case Severity::note:
        ++sum.notes;
        break;
    }
  }
  return sum;
}

}  // namespace steadfast
