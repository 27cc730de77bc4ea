// SPDX-License-Identifier: Apache-2.0
// Volume (T5): whether a service carries what it carried at this time of the days seen.
// Minute by minute the logarithm of its packets is compared with the same quarter of an
// hour, and its neighbours, of up to seven days: within what they span, without the
// outermost, nothing is unusual, so that a weekend is not and one bad day teaches
// nothing. What lies outside adds up in units of the service's own spread.
//
// Nobody can say from volume alone that something is wrong here: it warns, no more.
//
// Must not enter: verdicts.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "detect/second.h"
#include "detect/sign.h"

namespace steadfast::detect {

// Of one service.
class Season {
 public:
  static constexpr std::size_t kDays = 7, kSlots = 96;
  static constexpr std::size_t kDaysKept = kDays + 1;  // and the one that is being learnt

  Season();
  // One whole minute's packets, of a day and a slot of it.
  void take(std::int64_t minute, std::uint64_t packets);
  bool alarm() const { return alarm_; }
  // What is usual now, over what was seen, as a logarithm: above 0 too little came.
  double missing() const { return missing_; }
  unsigned minutes() const { return minutes_; }

 private:
  struct Usual {
    double least, median, most;
  };
  bool usual(std::int64_t slot, Usual& found) const;
  void judge(const Usual& usual, double now);
  void learn(std::int64_t slot, double now);

  std::array<std::array<float, kSlots>, kDaysKept> days_;  // mean logarithm; NaN: not seen
  std::int64_t slot_ = -1;                                 // that is being learnt
  double slot_sum_ = 0;
  unsigned slot_minutes_ = 0;
  double spread_ = 0.25;  // of a minute around what is usual
  double sum_ = 0;
  bool alarm_ = false;
  double missing_ = 0;
  unsigned minutes_ = 0;  // since the sum last was 0
};

class Volume {
 public:
  std::vector<Sign> take(const Second& second, const Scene& scene);

 private:
  struct Watched {
    std::uint64_t packets = 0;
    Season season;
  };
  void end_minute(const Second& second, std::int64_t minute);

  std::map<std::string, Watched> services_;  // by endpoint
  std::int64_t minute_ = -1;
};

}  // namespace steadfast::detect
