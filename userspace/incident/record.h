// SPDX-License-Identifier: Apache-2.0
// Record: one incident from its first affected packet to its end, with everything a
// post-mortem asks for: what was wrong, where it stands, who brought it, what was
// done, how long each step took, and the traffic meanwhile.
//
// Must not enter: how a record comes about (casebook.h), files, rendering.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/alarm.h"

namespace steadfast::incident {

// X(symbol, name)
#define SF_INCIDENT_STEPS(X)      \
  X(first_packet, "first-packet") \
  X(detected, "detected")         \
  X(located, "located")           \
  X(rolled_back, "rolled-back")   \
  X(cancelled, "cancelled")       \
  X(replaced, "replaced")         \
  X(ejected, "ejected")           \
  X(repaired, "repaired")         \
  X(alarm_ended, "alarm-ended")   \
  X(alarm_again, "alarm-again")   \
  X(recovered, "recovered")

enum class Step {
#define X(symbol, name) symbol,
  SF_INCIDENT_STEPS(X)
#undef X
};
inline constexpr std::array kStepNames{
#define X(symbol, name) std::string_view{name},
    SF_INCIDENT_STEPS(X)
#undef X
};
inline std::string_view name(Step step) { return kStepNames[static_cast<std::size_t>(step)]; }

struct Entry {
  double at_s = 0;  // Unix time
  Step what = Step::detected;
  std::string text;
};

// Rates, per second; none where nobody counted.
struct Line {
  std::string name;  // of counters/history.h
  std::vector<std::optional<double>> values;
  bool operator==(const Line&) const = default;
};

struct Series {
  double step_s = 1;
  double from_s = 0;  // Unix time at which the first value begins
  std::vector<Line> lines;
  bool empty() const { return lines.empty(); }
  bool operator==(const Series&) const = default;
};

// Delays count from the first affected packet.
struct Record {
  std::uint64_t number = 0;
  bool open = false;
  std::string sentence;
  double opened_at_s = 0;                                              // Unix time
  double first_packet_s = 0;                                           // Unix time, as well as it can be told
  std::optional<double> detected_s, located_s, undone_s, recovered_s;  // delays
  detect::Suspect culprit;  // the likeliest; without an object when nobody knows
  std::vector<detect::Suspect> suspects;
  std::vector<Entry> timeline;      // by time
  std::vector<std::string> alarms;  // keys of those that belong to it
  std::string service;              // whose traffic is shown; empty: the host's
  Series traffic;
};

}  // namespace steadfast::incident
