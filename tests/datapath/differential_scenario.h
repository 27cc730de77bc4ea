// SPDX-License-Identifier: Apache-2.0
// Scenario: a random configuration and the network it meets. Whatever a service,
// a backend or a next hop may say is said by some of them.
//
// Must not enter: packets, engines.
#pragma once

#include <string>

#include "compile/next_hop.h"
#include "datapath/differential_random.h"
#include "model/model.h"

namespace steadfast::differential {

struct Scenario {
  std::string toml;
  Model model;
  NextHops hops;

  // What it takes to see it again: the configuration and the next hops.
  std::string text() const;
};

// `limits` is the [limits] table: the same for all that are published on one engine.
// Two scenarios with one `seed` word share their hash keys, as a canary wants.
Scenario make_scenario(Random& random, const std::string& limits, const std::string& seed);

// Small tables of random size.
std::string make_limits(Random& random);

}  // namespace steadfast::differential
