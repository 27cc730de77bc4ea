// SPDX-License-Identifier: Apache-2.0
// Pairing: which object of one configuration is which object of another. What
// packets see decides, not what the file calls it: renaming moves no flow.
//
// Must not enter: what a pair differs in (plan/difference.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/model.h"

namespace steadfast {

inline constexpr std::size_t kNoPartner = SIZE_MAX;

// Indices of the partners in the other list, kNoPartner for an object without one.
struct Pairing {
  std::vector<std::size_t> before_of;  // of each object after the change
  std::vector<std::size_t> after_of;   // of each object before it

  Pairing(std::size_t before, std::size_t after)
      : before_of(after, kNoPartner), after_of(before, kNoPartner) {}
  void join(std::size_t before, std::size_t after) {
    before_of[after] = before;
    after_of[before] = after;
  }
};

// By address, protocol and port; of the rest, by name: a service that got wider.
Pairing pair_services(const Model& before, const Model& after);
// By name; of the rest, those that share more than half of the larger one's backends.
Pairing pair_pools(const Model& before, const Model& after);
// By address and port; of the rest, by name: a backend that was renumbered.
Pairing pair_backends(const Pool& before, const Pool& after);

// The same backend to a packet, whatever it is called.
bool same_address(const Backend& a, const Backend& b);

}  // namespace steadfast
