// SPDX-License-Identifier: Apache-2.0
// Finding: what check has to say about the operator's file; Rule: what it checks
// and how it explains itself. A rule is declared once, beside the code that
// finds it; check/catalogue.h lists them all.
//
// Must not enter: rendering (report/), and errors of the world (base/result.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/place.h"

namespace steadfast {

// error never applies; gate is refused unless accepted by code and object;
// warn applies (refused under --strict); note is for audits.
enum class Severity { error, gate, warn, note };
std::string_view name(Severity severity);

// `bad` and `good` are whole configuration files; the tests run both: `bad` must
// raise this code, `good` must not. Where there is a `before`, the rule judges a
// change: that file runs, and `bad` or `good` is applied onto it.
struct Rule {
  std::string_view code;  // "SF201"
  Severity severity;
  std::string_view title;        // one line, no full stop
  std::string_view consequence;  // what happens in traffic
  std::string_view fix;
  std::string_view bad;
  std::string_view good;
  std::string_view incident = {};  // "INC-18" where it would have caught one
  std::string_view before = {};
};

struct Related {
  Place place;
  std::string message;  // "first defined here"
};

struct Finding {
  std::string code;
  Severity severity = Severity::error;
  std::string message;  // names the object and the measured number
  std::string file;
  Place place;
  std::string object;  // "service/web", "pool/web", "backend/web/web-01", "host", "limits", "file"
  std::string fix;
  std::vector<Related> related;
};

using Findings = std::vector<Finding>;

// A finding of `rule`, with the rule's severity and fix; adjust what differs.
Finding make(const Rule& rule, std::string object, Place place, std::string message);

// Stable order: errors and the rest as they stand in the file (line, column, code, object).
void sort(Findings& findings);

struct Tally {
  unsigned errors = 0;
  unsigned gates = 0;
  unsigned warnings = 0;
  unsigned notes = 0;
};
Tally tally(const Findings& findings);

}  // namespace steadfast
