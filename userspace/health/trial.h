// SPDX-License-Identifier: Apache-2.0
// Trial: how a silent backend comes back: out for a while, then a small share of
// new flows, then trusted again. Each relapse doubles the while.
//
// Must not enter: how silence is found; whether the floor lets it go out.
#pragma once

#include "health/handshakes.h"
#include "health/time.h"

namespace steadfast::health {

inline constexpr double kTrialShare = 0.05;
inline constexpr Time kFirstRest = std::chrono::seconds(10), kLongestRest = std::chrono::minutes(5);
inline constexpr Time kTrialTime = std::chrono::seconds(30);    // without an answer either way
inline constexpr Time kForgiveness = std::chrono::minutes(10);  // without relapse: the next rest is the first
inline constexpr std::uint32_t kTrialFlows = 10;                // that make a trial a proof

class Trial {
 public:
  enum class Phase { trusted, resting, trying };

  void eject(Time now);
  // `probes_fail` keeps it resting; `own` and `others` are the handshakes since the trial
  // began. True when the phase changed.
  bool tick(bool probes_fail, const Handshakes& own, const Handshakes& others, Time now);
  Phase phase() const { return phase_; }
  Time rest() const { return rest_; }

 private:
  bool enter(Phase phase, Time now);

  Phase phase_ = Phase::trusted;
  Time since_{};
  Time rest_{};  // zero before the first ejection
};

}  // namespace steadfast::health
