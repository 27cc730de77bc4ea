// SPDX-License-Identifier: Apache-2.0
// ChangeMade: a generation that packets began to follow, and what it touched, line by
// line; Drift: something that somebody else did to this host or its tables. Both are
// what a suspect is taken from.
//
// Must not enter: judgement (detect/rank.h).
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/place.h"

namespace steadfast::detect {

struct TouchedObject {
  std::string object;               // "backend/messaging/msg-03"
  Place place;                      // in the new file; of a removed one in the old
  std::set<std::string> endpoints;  // services it acts on
};

struct ChangeMade {
  std::uint64_t generation = 0;
  double at_s = 0;  // of the clock that never goes back
  std::string author;
  std::string file;
  std::vector<TouchedObject> objects;
  std::set<std::string> endpoints;  // services whose packets it may move or drop

  bool touches(const std::string& endpoint) const { return endpoints.contains(endpoint); }
  bool names(const std::string& object) const {
    return std::any_of(objects.begin(), objects.end(),
                       [&](const TouchedObject& touched) { return touched.object == object; });
  }
};

struct Drift {
  std::string code;    // "SF902"
  std::string object;  // "interface/eth0"
  std::string message;
  double at_s = 0;  // of the clock that never goes back; 0: it stands, since it was seen first
};

}  // namespace steadfast::detect
