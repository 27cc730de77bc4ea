// SPDX-License-Identifier: Apache-2.0
// Routes: the next hop of every backend, asked of the kernel (rtnetlink) the way
// the kernel itself would send: route, then neighbour, then link. An unresolved
// neighbour is asked for; the answer comes as a notification.
//
// Must not enter: deciding what to do about an unresolved backend.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "base/result.h"
#include "compile/next_hop.h"
#include "kernel/netlink.h"
#include "kernel/route_messages.h"
#include "model/model.h"

namespace steadfast {

// Next hops of all `destinations`. An Error means that rtnetlink itself failed;
// a destination without a usable path has `problem` set.
Result<NextHops> resolve_next_hops(const std::set<Address>& destinations);

// The same again and again: a route is asked for once, and anew when anything that routes
// follow from has changed. The kernel says so before whoever changed it goes on.
class NextHopResolver {
 public:
  Result<NextHops> resolve(const std::set<Address>& destinations);

 private:
  Result<void> forget_changed_routes();

  std::optional<Netlink> changes_;
  std::map<Address, Route> routes_;
  double asked_s_ = 0;  // when the oldest of them was
};

// Addresses that packets leave for: every backend of every service.
std::set<Address> destinations_of(const Model& model);

// Groups whose notifications may change a next hop.
unsigned next_hop_groups();

}  // namespace steadfast
