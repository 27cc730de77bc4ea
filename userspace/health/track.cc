// SPDX-License-Identifier: Apache-2.0
#include "health/track.h"

namespace steadfast::health {

void Track::take(const ProbeResult& result, unsigned fall, unsigned rise, Time now) {
  last_ = result;
  last_time_ = now;
  switch (proof_of(result.outcome)) {
    case Proof::none:
      return;
    case Proof::pass:
      return pass(rise, now);
    case Proof::fail:
      last_failure_ = result;
      return fail(fall, now);
  }
}

// Only a target that has fallen needs `rise` passes; the first proof is enough for a new one.
void Track::pass(unsigned rise, Time now) {
  fails_ = 0;
  last_pass_ = now;
  ++passes_;
  if (standing_ != Standing::failing || passes_ >= rise) standing_ = Standing::passing;
}

void Track::fail(unsigned fall, Time now) {
  if (fails_ == 0) failing_since_ = now;
  ++fails_;
  passes_ = 0;
  if (fails_ >= fall) standing_ = Standing::failing;
}

// One that has passed since needs no further passes: what it fell for is void.
void Track::forgive(Time since) {
  const bool fell = fails_ > 0 || standing_ == Standing::failing;
  if (!fell || failing_since_ < since) return;
  fails_ = 0;
  if (standing_ == Standing::failing) standing_ = passes_ > 0 ? Standing::passing : Standing::unknown;
}

}  // namespace steadfast::health
