// SPDX-License-Identifier: Apache-2.0
// Guard: whether an unconfirmed generation does harm. It compares what each
// service dropped because of the configuration since the flip with what it
// dropped before. What nobody saw is blind, and blind is never green.
//
// Must not enter: what follows from a judgement (control/live_balancer.h).
#pragma once

#include <map>
#include <string>

#include "counters/collect.h"
#include "kernel/memory.h"

namespace steadfast {

// Counters of every service by endpoint, at one moment.
struct Sight {
  std::map<std::string, VerdictCounts> services;
};

Sight look(const Memory& memory, const Running& running);

struct Judgement {
  enum class Colour { green, red, blind };
  Colour colour = Colour::blind;
  std::string sentence;  // names the service and the figures
};

// `earlier` to `flip` is before the change, `flip` to `now` after it.
Judgement judge(const Sight& earlier, const Sight& flip, const Sight& now);

}  // namespace steadfast
