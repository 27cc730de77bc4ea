// SPDX-License-Identifier: Apache-2.0
// Guard: whether an unconfirmed generation does harm. It compares what each
// service dropped because of the configuration since the flip with what it
// dropped before, and what allow and deny refuse of it. What nobody saw is blind,
// and blind is never green.
//
// Must not enter: what follows from a judgement (control/live_balancer.h).
#pragma once

#include <map>
#include <set>
#include <string>

#include "counters/collect.h"
#include "counters/reading.h"

namespace steadfast {

// Counters of every service by endpoint, at one moment.
struct Sight {
  std::map<std::string, VerdictCounts> services;
  VerdictCounts host{};  // of packets that belong to none
};

Sight look(const Reading& reading, const Running& running);

struct Judgement {
  enum class Colour { green, red, blind };
  Colour colour = Colour::blind;
  std::string sentence;  // names the service and the figures
};

struct Evidence {
  const Sight& earlier;  // `earlier` to `flip` is before the change,
  const Sight& flip;
  const Sight& from;  // `from` to `now` after it
  const Sight& now;
  double share = 1;                    // of the hash space that the change has
  std::set<std::string> touched = {};  // endpoints that must have been seen; empty: any
};

Judgement judge(const Evidence& evidence);

}  // namespace steadfast
