// SPDX-License-Identifier: Apache-2.0
// Incidents: those of tests/incidents that packets suffer from once they are there:
// because their gates were accepted by hand, or because nobody changed anything. What
// is refused and nothing else, and what is seen by audits and checks alone, is not here.
//
// Must not enter: what else goes on meanwhile, how answers are judged (culprits.cc).
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "simulation/edge.h"

namespace steadfast::simulation {

// What an operator has to look at.
struct Truth {
  std::set<std::string> affected;  // objects that an alarm may be about
  std::uint64_t generation = 0;    // that did it; 0: none
  std::set<std::string> objects;   // that broke; one of them must be named
  std::set<std::uint32_t> lines;   // where they stand
  std::string code;                // of the drift that must be named instead, where no object was touched
};

struct Incident {
  const char* name;
  const char* cases;  // of tests/incidents
  bool is_change;
  double within_s;  // in which it must be found
  double slow_s;    // before it, in steps of a minute: days that T5 learns from
  // To this pool, now.
  std::function<Truth(Edge&, std::size_t pool, bool pending)> happen;
};

const std::vector<Incident>& incidents();

// A change that does no harm, of one to three backends of this pool or of a service over it.
detect::ChangeMade harmless_change(Edge& edge, std::size_t pool);

}  // namespace steadfast::simulation
