// SPDX-License-Identifier: Apache-2.0
// Cases: which backend is examined next, and what the latest examination found.
// One that fails is examined at once, and again half a minute later for as long as it
// fails: what is missing there may change. Those that do not fail take turns, because
// a check passes through a hole that swallows large packets; what such a turn finds
// is told when a second look finds it too.
//
// Must not enter: probing, what a fault means for the backend's flows.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "control/health_witness.h"
#include "health/time.h"
#include "model/model.h"

namespace steadfast {

inline constexpr health::Time kExamineAgain = std::chrono::seconds(30);
inline constexpr health::Time kSecondLook = std::chrono::seconds(2);
inline constexpr health::Time kTurnEvery = std::chrono::seconds(5);

class Cases {
 public:
  using Name = std::pair<std::string, std::string>;  // pool and backend
  struct Finding {
    std::string code;  // "SF802"; empty: nothing was found
    std::string sentence;
    bool deaf = false;
  };

  // It fails. A case that is open already stays as it is.
  void open(const Name& name, health::Time now);
  // It fails no more.
  void close(const Name& name) { cases_.erase(name); }
  // Backends that are not in the model have no case; those whose pools are checked take turns.
  void adopt(const Model& model);
  // The case that has been due for the longest, or whose turn it is. It is not due
  // again before note().
  std::optional<Name> take_due(health::Time now);
  // Of several services the first that finds a fault speaks.
  void note(const Name& name, const std::vector<Examined>& found, health::Time now);

  // Null: not open, or not examined yet.
  const Finding* finding(const Name& name) const;
  const auto& all() const { return cases_; }

 private:
  struct Case {
    std::optional<health::Time> due;  // none: it is being examined
    std::optional<Finding> finding;
    bool failing = true;  // else a turn found something
  };

  std::optional<Name> take_turn(health::Time now);
  void note_turn(const Name& name, bool faulty, health::Time now);

  std::map<Name, Case> cases_;
  std::vector<Name> turns_;
  std::size_t next_turn_ = 0;
  health::Time turn_due_{};
  std::optional<Name> turn_;  // that is being examined
};

}  // namespace steadfast
