// SPDX-License-Identifier: Apache-2.0
// Track: what the probes of one target say together: `fall` failures in a row
// make it failing, `rise` passes in a row make it passing again.
//
// A track that has seen nothing is unknown. Unknown serves: a daemon that starts
// beside a running fleet must not take out everybody it has not asked yet, and a
// new backend was probed before it was applied (rules 801 to 806). But unknown is
// no proof: it does not let a floor give up another backend (floor.h).
//
// Must not enter: other targets, other backends.
#pragma once

#include <optional>

#include "health/probe.h"

namespace steadfast::health {

enum class Standing { unknown, passing, failing };

class Track {
 public:
  void take(const ProbeResult& result, unsigned fall, unsigned rise, Time now);
  // Failures counted since then are void: they were not the backend's.
  void forgive(Time since);

  Standing standing() const { return standing_; }
  unsigned fails() const { return fails_; }              // in a row, up to now
  Time failing_since() const { return failing_since_; }  // of the first of them
  const std::optional<Time>& last_pass() const { return last_pass_; }
  // It passes, and was asked again since then: a pass of before proves nothing about after.
  bool has_passed_since(Time since) const {
    return standing_ == Standing::passing && fails_ == 0 && last_pass_ >= since;
  }
  const std::optional<ProbeResult>& last() const { return last_; }
  const std::optional<ProbeResult>& last_failure() const { return last_failure_; }
  Time last_time() const { return last_time_; }

 private:
  void pass(unsigned rise, Time now);
  void fail(unsigned fall, Time now);

  Standing standing_ = Standing::unknown;
  unsigned fails_ = 0, passes_ = 0;
  Time failing_since_{}, last_time_{};
  std::optional<Time> last_pass_;
  std::optional<ProbeResult> last_, last_failure_;
};

}  // namespace steadfast::health
