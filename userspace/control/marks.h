// SPDX-License-Identifier: Apache-2.0
// Marks: when a generation went live, was confirmed or went back, for whoever draws
// what packets did meanwhile. Found by looking at what became of the generations, so
// that no way of ending a change can forget to say so.
//
// Must not enter: clocks (the caller passes the time).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "journal/journal.h"

namespace steadfast {

struct HistoryMark {
  double at_s = 0;
  std::uint64_t generation = 0;
  std::string what;    // "started" | "live" | "pending" | "confirmed" | "rolled-back" | "cancelled"
  std::string author;  // of the generation
  std::string reason;  // why it went back, else why it was made
};

class Marks {
 public:
  static constexpr std::size_t kKept = 256;
  static constexpr double kDay_s = 24 * 3600;

  // What it finds changed since it looked last happened now.
  void look(const std::vector<Generation>& generations, double now_s);
  std::vector<HistoryMark> since(double from_s) const;

 private:
  void begin(const std::vector<Generation>& generations, double now_s);
  void note(const Generation& generation, const std::string& before, double now_s);

  bool began_ = false;
  std::map<std::uint64_t, std::string> outcomes_;  // by number, as they were seen last
  std::deque<HistoryMark> marks_;
};

}  // namespace steadfast
