// SPDX-License-Identifier: Apache-2.0
#include "health/trial.h"

#include <algorithm>

namespace steadfast::health {
namespace {

constexpr double kAsGood = 0.85;  // of the others' share

bool is_proof(const Handshakes& own, const Handshakes& others) {
  return own.tries >= kTrialFlows && own.share() >= kAsGood * others.share();
}

}  // namespace

bool Trial::enter(Phase phase, Time now) {
  phase_ = phase;
  since_ = now;
  return true;
}

void Trial::eject(Time now) {
  const bool forgiven = phase_ == Phase::trusted && now - since_ >= kForgiveness;
  rest_ = rest_ == Time{} || forgiven ? kFirstRest : std::min(2 * rest_, kLongestRest);
  enter(Phase::resting, now);
}

bool Trial::tick(bool probes_fail, const Handshakes& own, const Handshakes& others, Time now) {
  if (phase_ == Phase::resting && !probes_fail && now - since_ >= rest_) return enter(Phase::trying, now);
  if (phase_ == Phase::trying && (is_proof(own, others) || now - since_ >= kTrialTime))
    return enter(Phase::trusted, now);
  return false;
}

}  // namespace steadfast::health
