// SPDX-License-Identifier: Apache-2.0
// Verdict: an outcome with its reason, as the parts of a probe hand it on.
//
// Must not enter: who was probed.
#pragma once

#include <string>

#include "probe/outcome.h"

namespace steadfast::probe {

struct Verdict {
  Outcome outcome = Outcome::passed;
  std::string detail;
  std::string identity = {};  // what the peer calls itself; empty where it does not say
  bool operator==(const Verdict&) const = default;
};

// What an error of a socket says about the peer, or about this host.
Verdict verdict_of_error(int os_error);

}  // namespace steadfast::probe
