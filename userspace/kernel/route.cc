// SPDX-License-Identifier: Apache-2.0
#include "kernel/route.h"

#include <linux/rtnetlink.h>

#include <algorithm>
#include <utility>

#include "kernel/links.h"
#include "kernel/selector.h"

namespace steadfast {
namespace {

using Routes = std::map<Address, Route>;

// What the kernel learns of a path's MTU changes a route and is told to nobody.
constexpr double kRoutesKept_s = 60;
constexpr double kNanosecondsPerSecond = 1e9;
constexpr unsigned kRouteGroups = RTMGRP_LINK | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE | RTMGRP_IPV4_IFADDR |
                                  RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_RULE | 1u << (RTNLGRP_IPV6_RULE - 1) |
                                  1u << (RTNLGRP_NEXTHOP - 1);

class Resolver {
 public:
  // `routes`: those that are known, and afterwards those that were asked for.
  static Result<Resolver> open(Routes& routes) {
    auto netlink = Netlink::open();
    if (!netlink) return netlink.error();
    Resolver resolver(std::move(*netlink), routes);
    if (auto read = resolver.read_tables(); !read) return read.error();
    return resolver;
  }

  Result<NextHop> resolve(const Address& destination) {
    NextHop hop;
    const auto route = route_of(destination);
    if (!route) {
      hop.problem = "no route (" + route.error().what + ")";
      return hop;
    }
    if (route->type != RTN_UNICAST) {
      hop.problem =
          route->type == RTN_LOCAL ? "the address is this host's own" : "the route does not lead out";
      return hop;
    }
    return over(*route, route->has_gateway ? route->gateway : destination);
  }

 private:
  // A refusal is not kept: it may be of the moment.
  Result<Route> route_of(const Address& destination) {
    if (const auto known = routes_.find(destination); known != routes_.end()) return known->second;
    auto route = route_to(netlink_, destination);
    if (route) routes_.emplace(destination, *route);
    return route;
  }

  Resolver(Netlink netlink, Routes& routes) : netlink_(std::move(netlink)), routes_(routes) {}

  Result<void> read_tables() {
    Message<ifinfomsg> links(RTM_GETLINK, NLM_F_DUMP);
    if (auto read = netlink_.request(links.header(), [&](const nlmsghdr* m) { read_link(m, links_); }); !read)
      return read.error().while_doing("reading links");
    return read_neighbours(netlink_, neighbours_);
  }

  Result<NextHop> over(const Route& route, const Address& neighbour) {
    const Link& link = links_[route.ifindex];
    NextHop hop = leaving_by(route.ifindex);
    hop.interface = link.name;
    hop.source = link.mac;
    hop.on_link = !route.has_gateway;
    hop.mtu = static_cast<std::uint16_t>(std::min(route.mtu != 0 ? route.mtu : link.mtu, 65535u));
    if (!hop.problem.empty()) return hop;
    const auto found = neighbours_.find({route.ifindex, neighbour});
    if (found == neighbours_.end() || found->second.mac.is_zero()) {
      hop.problem = "neighbour " + neighbour.text() + " on " + link.name + " does not answer";
      hop.is_silent = true;
      hop.pending = found == neighbours_.end() || !found->second.failed();
      ask_for({route.ifindex, neighbour});
    } else {
      hop.destination = found->second.mac;
    }
    return hop;
  }

  NextHop leaving_by(std::uint32_t ifindex) const {
    Egress egress = egress_of(links_, ifindex);
    NextHop hop;
    hop.ifindex = egress.ifindex;
    hop.tags = std::move(egress.tags);
    hop.members = std::move(egress.members);
    hop.problem = std::move(egress.problem);
    return hop;
  }

  // NTF_EXT_MANAGED keeps it resolved: our packets never pass through the kernel's
  // neighbour table, so it would otherwise forget an entry in full use.
  void ask_for(const NeighbourKey& key) {
    if (asked_.insert(key).second) ask_for_neighbour(netlink_, key, NTF_EXT_MANAGED);
  }

  Netlink netlink_;
  Routes& routes_;
  Links links_;
  Neighbours neighbours_;
  std::set<NeighbourKey> asked_;
};

Result<NextHops> resolve_all(const std::set<Address>& destinations, Routes& routes) {
  auto resolver = Resolver::open(routes);
  if (!resolver) return resolver.error();
  NextHops hops;
  for (const Address& destination : destinations) {
    auto hop = resolver->resolve(destination);
    if (!hop) return hop.error().while_doing("next hop of " + destination.text());
    hops.emplace_hint(hops.end(), destination, std::move(*hop));
  }
  return hops;
}

}  // namespace

Result<NextHops> resolve_next_hops(const std::set<Address>& destinations) {
  Routes none;
  return resolve_all(destinations, none);
}

// A socket that fails has lost what it was to say.
Result<void> NextHopResolver::forget_changed_routes() {
  if (!changes_) {
    auto changes = Netlink::open(kRouteGroups);
    if (!changes) return changes.error();
    changes_ = std::move(*changes);
  }
  const auto changed = changes_->drain();
  const double now_s = static_cast<double>(monotonic_ns()) / kNanosecondsPerSecond;
  if (changed && !*changed && now_s - asked_s_ < kRoutesKept_s) return {};
  routes_.clear();
  asked_s_ = now_s;
  return {};
}

Result<NextHops> NextHopResolver::resolve(const std::set<Address>& destinations) {
  if (auto forgotten = forget_changed_routes(); !forgotten) return forgotten.error();
  return resolve_all(destinations, routes_);
}

std::set<Address> destinations_of(const Model& model) {
  std::set<Address> destinations;
  for (const Service& service : model.services)
    for (const Backend& backend : model.pool_of(service).backends) destinations.insert(backend.address.value);
  return destinations;
}

unsigned next_hop_groups() {
  return RTMGRP_LINK | RTMGRP_NEIGH | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE | RTMGRP_IPV4_IFADDR |
         RTMGRP_IPV6_IFADDR;
}

}  // namespace steadfast
