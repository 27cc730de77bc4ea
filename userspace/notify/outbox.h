// SPDX-License-Identifier: Apache-2.0
// Outbox: what one receiver has still to be told. Each alarm is known by its key and
// told when it begins, again at the receiver's pace while it stands, and once more
// when it is over. A receiver that does not answer is asked ever less often.
//
// Bounded: kKept messages; of those that are over the oldest go first.
//
// Must not enter: clocks, HTTP.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "notify/message.h"

namespace steadfast::notify {

inline constexpr double kFirstPause_s = 1, kLongestPause_s = 60;
inline constexpr std::size_t kKept = 1000;

class Outbox {
 public:
  // `repeat_s`: how often what stands is told again; 0: never.
  explicit Outbox(double repeat_s) : repeat_s_(repeat_s) {}

  // Every alarm that stands now.
  void take(const std::vector<detect::Alarm>& alarms, double now_s);
  // What is to be sent now; nothing during a pause. Ask again after `sent` or `failed`.
  std::vector<Message> due(double now_s) const;
  void sent(const std::vector<Message>& messages, double now_s);
  void failed(double now_s);
  // Earliest time at which something may be due; none: when it is told something new.
  std::optional<double> next_s() const;

 private:
  struct Entry {
    Message message;
    std::optional<double> sent_s;  // when it was last told
  };

  bool is_due(const Entry& entry, double now_s) const;
  void forget_the_oldest();

  double repeat_s_;
  std::map<std::string, Entry> entries_;  // by key
  double pause_s_ = 0;
  double not_before_s_ = 0;
};

}  // namespace steadfast::notify
