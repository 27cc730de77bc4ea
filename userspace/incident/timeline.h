// SPDX-License-Identifier: Apache-2.0
// What is written into a record: entries in the order of time, the culprit, the
// traffic that was counted meanwhile.
//
// Must not enter: when something is written (casebook.h).
#pragma once

#include <vector>

#include "incident/record.h"

namespace steadfast::incident {

inline constexpr std::size_t kEntriesKept = 200;
inline constexpr std::size_t kValuesKept = 3600;

// Nothing once there are kEntriesKept: what came first tells the story.
void add(Record& record, Entry entry);

// From now on `suspects.front()` is the culprit.
void locate(Record& record, const std::vector<detect::Suspect>& suspects, double at_s);

// Earlier than it seemed: every delay is longer by as much.
void move_first_packet(Record& record, double first_packet_s);

// Values of `newer` where it has any, on the steps of `series`. What lies before its
// beginning, or kValuesKept behind it, is left out.
void merge(Series& series, const Series& newer);

}  // namespace steadfast::incident
