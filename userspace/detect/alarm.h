// SPDX-License-Identifier: Apache-2.0
// Alarm: one thing that is wrong now, as a detector says it and everybody shows it:
// the guard, incidents, alerts, screens. Its sentence is fixed when it begins, so
// that what an operator reads does not change under their eyes; only what to type
// against a generation follows what became of that.
//
// Must not enter: functions; how it was found (one file per detector).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/place.h"

namespace steadfast::detect {

enum class Severity { page, warn };

// Something that may have caused it.
struct Suspect {
  std::string object;  // "backend/messaging/msg-03", "generation/47", "interface/eth0"
  double weight = 0;   // of all the evidence, 0…1
  std::string evidence;
  std::uint64_t generation = 0;  // that brought it; 0: none did
  std::string author;            // of that generation
  std::string file;
  Place place;
  std::string command;  // what to type against it
};

struct Alarm {
  std::string key;       // the same for as long as it lasts
  std::string detector;  // "T1"
  Severity severity = Severity::page;
  std::string object;       // "service/messaging"
  std::string verdict;      // label of the verdict, or the code of a finding
  double share = 0;         // of the object's packets, 0…1
  double since_s = 0;       // Unix time of the first affected packet, as well as it can be told
  double raised_s = 0;      // Unix time
  bool rolls_back = false;  // a pending change could have caused it
  std::string sentence;  // object, verdict, percent, since when, generation, file:line, author, what to type
  std::vector<Suspect> suspects;  // the likeliest first
};

}  // namespace steadfast::detect
