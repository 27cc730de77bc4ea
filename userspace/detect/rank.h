// SPDX-License-Identifier: Apache-2.0
// rank(): who may have caused a sign, the likeliest first. A candidate's score is its
// explanatory power (how much of what is wrong it accounts for) times its surprise (how
// unlikely it is to be there by chance: a change an hour ago is none, one a second ago is).
//
// Must not enter: detection; sentences (detect/sentence.h).
#pragma once

#include <deque>
#include <vector>

#include "detect/alarm.h"
#include "detect/change_made.h"
#include "detect/processors.h"
#include "detect/scene.h"
#include "detect/sign.h"

namespace steadfast::detect {

// What was around when it began.
struct Circumstances {
  const Scene& scene;
  const std::deque<ChangeMade>& changes;  // the newest last
  const std::deque<Drift>& drifts;
  const std::vector<Sign>& signs;  // all of this second
  const Processors& processors;
  std::uint64_t running = 0;      // generation that packets should follow
  std::uint64_t unconfirmed = 0;  // generation; 0: none
};

std::vector<Suspect> rank(const Sign& sign, const Circumstances& around);

}  // namespace steadfast::detect
