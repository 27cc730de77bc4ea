// SPDX-License-Identifier: Apache-2.0
// Detectors: all of them, T0 to T7, in one object that is told one Second after the
// other and says what is wrong now. The daemon and the simulation of months use the
// same.
//
//   T0  invariants            detect/invariants.h
//   T1  drops by configuration, T2 by senders   detect/drops.h
//   T3  silent backends       health/silence.h; its result is passed on
//       silent services       detect/answers.h
//   T4  new flows per backend detect/spread.h
//   T5  volume                detect/volume.h
//   T6  time to full          detect/forecast.h
//   T7  who caused it         detect/rank.h
//
// Memory is bounded by the services that run: about 4 KiB each, and 48 bytes for each CPU.
//
// Must not enter: clocks, the kernel, what an alarm leads to.
#pragma once

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "detect/alarm.h"
#include "detect/answers.h"
#include "detect/change_made.h"
#include "detect/drops.h"
#include "detect/forecast.h"
#include "detect/invariants.h"
#include "detect/processors.h"
#include "detect/scene.h"
#include "detect/second.h"
#include "detect/spread.h"
#include "detect/standing.h"
#include "detect/volume.h"

namespace steadfast::detect {

// What is left out, to measure what it is worth.
struct Without {
  std::set<std::string> detectors;      // "T1"
  bool changes = false, drift = false;  // suspects of this kind
  bool untouched = false;               // the comparison with what a change left alone
  bool sooner = false;                  // less evidence while a change is unconfirmed
};

class Detectors {
 public:
  explicit Detectors(Without without = {}) : without_(std::move(without)) {}

  // What runs is another now: before the first take(), and whenever it changes.
  void show(std::shared_ptr<const Scene> scene);
  // Packets began to follow this generation; one that goes back is noted too.
  void note(ChangeMade change);
  void take(const Second& second);

  // Those that last, in the order in which they began.
  std::vector<Alarm> alarms() const { return standing_.alarms(); }
  // For which this generation must go back while it is unconfirmed; null: none.
  const Alarm* harm(std::uint64_t generation) const;

 private:
  void remember(const std::vector<Drift>& drifts, double now_s);
  std::vector<Sign> signs(const Second& second);
  void add_drops(const Second& second, std::vector<Sign>& signs) const;
  void add(const DropAlarm& drop, const Second& second, std::vector<Sign>& signs) const;
  void add_silent(const Second& second, std::vector<Sign>& signs) const;
  Alarm describe(const Sign& sign, const std::vector<Sign>& all, const Second& second) const;
  void judge_change(const std::vector<Sign>& all, const Second& second);
  const ChangeMade* unconfirmed(const Second& second) const;
  bool may_have_caused(const ChangeMade& change, const Sign& sign, const std::vector<Sign>& all) const;
  bool is_shared(const Sign& sign, const ChangeMade& change) const;

  Without without_;
  std::shared_ptr<const Scene> scene_ = std::make_shared<Scene>();
  std::deque<ChangeMade> changes_;
  std::deque<Drift> drifts_;
  Drops drops_;
  Processors processors_;
  Invariants invariants_;
  Spread spread_;
  Answers answers_;
  Volume volume_;
  Forecast forecast_;
  Standing standing_;
};

}  // namespace steadfast::detect
