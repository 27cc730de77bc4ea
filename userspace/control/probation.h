// SPDX-License-Identifier: Apache-2.0
// Probation: the time between the flip and the end of a pending change: its
// canary stages, the deadline that the kernel holds it to, and what the daemon
// has to do before that. The kernel's deadline is always armed, also while the
// daemon means to act by itself: it may die before.
//
// Must not enter: the engine, the journal.
#pragma once

#include <cstdint>

#include "control/balancer.h"

namespace steadfast {

class Probation {
 public:
  Probation(Confirmation confirmation, std::uint64_t now_ns);

  // Share of the hash space in this stage; 1 = everything.
  double share() const;
  bool is_whole() const { return stage_ == confirmation_.canary.size(); }
  // CLOCK_MONOTONIC, for the kernel.
  std::uint64_t deadline_ns() const { return deadline_ns_; }
  // When the daemon has to act: the stage is over, or it decides; 0 = an operator does.
  std::uint64_t due_ns() const { return due_ns_; }
  // At its end the daemon confirms, instead of an operator.
  bool confirms_itself() const { return confirmation_.automatic || confirmation_.within_s == 0; }
  // It does so only when the guard is content, and a guard that saw nothing is not.
  bool needs_green() const { return confirmation_.automatic; }
  // The guard may end it at any time.
  bool is_guarded() const { return confirmation_.automatic || !confirmation_.canary.empty(); }

  void next_stage(std::uint64_t now_ns);
  void extend(double more_s);
  void describe(PendingChange& pending, std::uint64_t now_ns) const;

 private:
  void set_times(std::uint64_t now_ns);

  Confirmation confirmation_;
  std::size_t stage_ = 0;
  std::uint64_t deadline_ns_ = 0;
  std::uint64_t due_ns_ = 0;
};

}  // namespace steadfast
