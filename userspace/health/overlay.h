// SPDX-License-Identifier: Apache-2.0
// Overlay: what health changes about the file's backends, as one value. It lists
// only those that differ (out, or with a part of their weight), so an empty one
// means "as the file says", and a new model needs no new overlay.
//
// Must not enter: time; anything that does not change who gets new flows.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "health/state.h"

namespace steadfast::health {

struct Share {
  bool in = true;     // takes new flows
  double factor = 1;  // of its weight, above 0 and up to 1, when in
  Reason reason = Reason::passed;

  // The reason is for the journal: a backend that is out for another reason now is
  // no change to the packets, and no generation is made for it.
  bool operator==(const Share& other) const { return in == other.in && factor == other.factor; }
  bool as_the_file_says() const { return in && factor == 1; }
};

struct Overlay {
  std::map<std::pair<std::string, std::string>, Share> shares;  // by pool and backend

  Share of(const std::string& pool, const std::string& backend) const;
  bool operator==(const Overlay&) const = default;
};

}  // namespace steadfast::health
