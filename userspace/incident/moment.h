// SPDX-License-Identifier: Apache-2.0
// Moment: what a casebook is told again and again: the alarms that stand, what became
// of the generations, which backends health has taken out, what was put right.
//
// Must not enter: functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "detect/alarm.h"

namespace steadfast::incident {

struct GenerationSeen {
  std::uint64_t number = 0;
  std::string outcome;  // of journal/journal.h
  std::string author, file;
  double made_s = 0;    // Unix time
  std::string because;  // why it ended
};

struct BackendOut {
  std::string object;  // "backend/messaging/msg-03"
  double at_s = 0;     // Unix time since when it gets no new flows
  std::string why;
};

struct Moment {
  double now_s = 0;  // Unix time
  std::vector<detect::Alarm> alarms;
  std::vector<GenerationSeen> generations;  // by number
  std::vector<BackendOut> out;
  std::vector<std::string> repairs;  // sentences of what was put right since the moment before
};

}  // namespace steadfast::incident
