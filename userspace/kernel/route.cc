// SPDX-License-Identifier: Apache-2.0
#include "kernel/route.h"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "kernel/attributes.h"
#include "kernel/links.h"
#include "kernel/netlink.h"

namespace steadfast {
namespace {

struct NeighbourKey {
  std::uint32_t ifindex;
  Address address;
  auto operator<=>(const NeighbourKey&) const = default;
};
struct Neighbour {
  Mac mac;
  bool failed = false;
};
using Neighbours = std::map<NeighbourKey, Neighbour>;

struct Route {
  std::uint32_t ifindex = 0;
  Address gateway;
  std::uint32_t mtu = 0;
  unsigned char type = RTN_UNSPEC;
  bool has_gateway = false;
};

std::uint8_t family_number(const Address& address) { return address.is_v4() ? AF_INET : AF_INET6; }
std::size_t width(int family) { return family == AF_INET ? 4 : 16; }

Address address_in(const nlattr* attribute, int family) {
  Address address;
  address.family = family == AF_INET ? Family::v4 : Family::v6;
  std::memcpy(address.bytes.data(), mnl_attr_get_payload(attribute), width(family));
  return address;
}

// One request message with its fixed header; the buffer outlives the request.
template <typename Fixed>
class Message {
 public:
  Message(std::uint16_t type, std::uint16_t flags) : header_(mnl_nlmsg_put_header(buffer_)) {
    header_->nlmsg_type = type;
    header_->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    fixed_ = static_cast<Fixed*>(mnl_nlmsg_put_extra_header(header_, sizeof(Fixed)));
  }
  Fixed* operator->() { return fixed_; }
  nlmsghdr* header() { return header_; }
  void put(std::uint16_t type, const Address& address) {
    mnl_attr_put(header_, type, width(family_number(address)), address.bytes.data());
  }

 private:
  alignas(nlmsghdr) char buffer_[512];
  nlmsghdr* header_;
  Fixed* fixed_;
};

// Only states in which the kernel itself would use the address.
constexpr unsigned kUsableStates =
    NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE;

void read_neighbour(const nlmsghdr* message, Neighbours& neighbours) {
  const auto* info = static_cast<const ndmsg*>(mnl_nlmsg_get_payload(message));
  NeighbourKey key{static_cast<std::uint32_t>(info->ndm_ifindex), {}};
  Neighbour neighbour;
  neighbour.failed = (info->ndm_state & NUD_FAILED) != 0;
  for_each_attribute(message, sizeof(ndmsg), [&](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) == NDA_DST) key.address = address_in(attribute, info->ndm_family);
    if (mnl_attr_get_type(attribute) == NDA_LLADDR && (info->ndm_state & kUsableStates) != 0)
      neighbour.mac = mac_in(attribute);
  });
  neighbours[key] = neighbour;
}

void read_metrics(const nlattr* nested, Route& route) {
  for_each_nested(nested, [&](const nlattr* metric) {
    if (mnl_attr_get_type(metric) == RTAX_MTU) route.mtu = mnl_attr_get_u32(metric);
  });
}

void read_route(const nlmsghdr* message, Route& route) {
  const auto* info = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(message));
  route.type = info->rtm_type;
  for_each_attribute(message, sizeof(rtmsg), [&](const nlattr* attribute) {
    switch (mnl_attr_get_type(attribute)) {
      case RTA_OIF:
        route.ifindex = mnl_attr_get_u32(attribute);
        break;
      case RTA_METRICS:
        read_metrics(attribute, route);
        break;
      case RTA_GATEWAY:
        route.gateway = address_in(attribute, info->rtm_family);
        route.has_gateway = true;
        break;
      case RTA_VIA: {  // a gateway of the other family
        const auto* via = static_cast<const rtvia*>(mnl_attr_get_payload(attribute));
        route.gateway.family = via->rtvia_family == AF_INET ? Family::v4 : Family::v6;
        std::memcpy(route.gateway.bytes.data(), via->rtvia_addr, width(via->rtvia_family));
        route.has_gateway = true;
        break;
      }
      default:
        break;
    }
  });
}

class Resolver {
 public:
  static Result<Resolver> open() {
    auto netlink = Netlink::open();
    if (!netlink) return netlink.error();
    Resolver resolver(std::move(*netlink));
    if (auto read = resolver.read_tables(); !read) return read.error();
    return resolver;
  }

  Result<NextHop> resolve(const Address& destination) {
    NextHop hop;
    const auto route = route_to(destination);
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
  explicit Resolver(Netlink netlink) : netlink_(std::move(netlink)) {}

  Result<void> read_tables() {
    Message<ifinfomsg> links(RTM_GETLINK, NLM_F_DUMP);
    if (auto read = netlink_.request(links.header(), [&](const nlmsghdr* m) { read_link(m, links_); }); !read)
      return read.error().while_doing("reading links");
    Message<ndmsg> neighbours(RTM_GETNEIGH, NLM_F_DUMP);
    if (auto read =
            netlink_.request(neighbours.header(), [&](const nlmsghdr* m) { read_neighbour(m, neighbours_); });
        !read)
      return read.error().while_doing("reading neighbours");
    return {};
  }

  Result<Route> route_to(const Address& destination) {
    Message<rtmsg> ask(RTM_GETROUTE, 0);
    ask->rtm_family = family_number(destination);
    ask->rtm_dst_len = static_cast<unsigned char>(destination.bits());
    ask.put(RTA_DST, destination);
    Route route;
    auto read = netlink_.request(ask.header(), [&](const nlmsghdr* m) { read_route(m, route); });
    if (!read) return read.error();
    return route;
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
      hop.pending = found == neighbours_.end() || !found->second.failed;
      ask_for(route.ifindex, neighbour);
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

  // NTF_USE makes the kernel resolve the neighbour as if a packet had left for
  // it, and NTF_EXT_MANAGED keeps it resolved: our packets never pass through
  // the kernel's neighbour table, so it would otherwise forget an entry in full
  // use. That asking may fail is no news: the neighbour stays unresolved and is
  // asked for again when the tables are read next.
  void ask_for(std::uint32_t ifindex, const Address& neighbour) {
    if (!asked_.insert({ifindex, neighbour}).second) return;
    Message<ndmsg> ask(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_ACK);
    ask->ndm_family = family_number(neighbour);
    ask->ndm_ifindex = static_cast<int>(ifindex);
    ask->ndm_state = NUD_NONE;
    ask->ndm_flags = NTF_USE;
    ask.put(NDA_DST, neighbour);
    mnl_attr_put_u32(ask.header(), NDA_FLAGS_EXT, NTF_EXT_MANAGED);
    const auto sent = netlink_.request(ask.header(), [](const nlmsghdr*) {});
    static_cast<void>(sent.has_value());
  }

  Netlink netlink_;
  Links links_;
  Neighbours neighbours_;
  std::set<NeighbourKey> asked_;
};

}  // namespace

Result<NextHops> resolve_next_hops(const std::set<Address>& destinations) {
  auto resolver = Resolver::open();
  if (!resolver) return resolver.error();
  NextHops hops;
  for (const Address& destination : destinations) {
    auto hop = resolver->resolve(destination);
    if (!hop) return hop.error().while_doing("next hop of " + destination.text());
    hops.emplace(destination, std::move(*hop));
  }
  return hops;
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
