// SPDX-License-Identifier: Apache-2.0
// Movement: the exact shares of one service's new flows that a change moves to
// another backend, or leaves without one. Every entry of both rings is compared,
// except where the rings are the same or their entries are independent.
//
// Must not enter: traffic (plan/plan.h weighs).
#pragma once

#include <cstdint>
#include <map>
#include <tuple>

#include "compile/ring.h"
#include "plan/plan.h"

namespace steadfast {

// Shares 0…1.
struct Movement {
  double moved = 0;
  double dropped = 0;
  double recovered = 0;  // is not forwarded now, and would be
};

// Of all services between the same two generations.
class Movements {
 public:
  Movements(const PlanSide& before, const PlanSide& after);

  // `after` may be null: the service is removed.
  Movement of(const Service& before, const Service* after);

 private:
  // Pools before and after, the port of backends that name none, and whether a
  // flow's entry of the one ring says which it has in the other.
  using Key = std::tuple<std::size_t, std::size_t, std::uint16_t, bool>;

  Movement between(const Pool& before, const Pool& after, const Key& key);

  PlanSide before_;
  PlanSide after_;
  bool same_hash_;
  RingCache rings_;
  std::map<Key, Movement> known_;
};

}  // namespace steadfast
