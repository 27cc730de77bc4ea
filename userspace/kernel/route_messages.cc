// SPDX-License-Identifier: Apache-2.0
#include "kernel/route_messages.h"

#include <sys/socket.h>

#include <cstring>

namespace steadfast {
namespace {

// Only states in which the kernel itself would use the address.
constexpr unsigned kUsableStates =
    NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE;

void read_metrics(const nlattr* nested, Route& route) {
  for_each_nested(nested, [&](const nlattr* metric) {
    if (mnl_attr_get_type(metric) == RTAX_MTU) route.mtu = mnl_attr_get_u32(metric);
  });
}

}  // namespace

std::uint8_t family_number(const Address& address) { return address.is_v4() ? AF_INET : AF_INET6; }
std::size_t address_bytes(int family) { return family == AF_INET ? 4 : 16; }

Address address_in(const nlattr* attribute, int family) {
  Address address;
  address.family = family == AF_INET ? Family::v4 : Family::v6;
  std::memcpy(address.bytes.data(), mnl_attr_get_payload(attribute), address_bytes(family));
  return address;
}

void read_neighbour(const nlmsghdr* message, Neighbours& neighbours) {
  const auto* info = static_cast<const ndmsg*>(mnl_nlmsg_get_payload(message));
  NeighbourKey key{static_cast<std::uint32_t>(info->ndm_ifindex), {}};
  Neighbour neighbour;
  neighbour.state = info->ndm_state;
  for_each_attribute(message, sizeof(ndmsg), [&](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) == NDA_DST) key.address = address_in(attribute, info->ndm_family);
    if (mnl_attr_get_type(attribute) == NDA_LLADDR && (info->ndm_state & kUsableStates) != 0)
      neighbour.mac = mac_in(attribute);
  });
  neighbours[key] = neighbour;
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
      case RTA_PREFSRC:
        route.source = address_in(attribute, info->rtm_family);
        break;
      case RTA_GATEWAY:
        route.gateway = address_in(attribute, info->rtm_family);
        route.has_gateway = true;
        break;
      case RTA_VIA: {  // a gateway of the other family
        const auto* via = static_cast<const rtvia*>(mnl_attr_get_payload(attribute));
        route.gateway.family = via->rtvia_family == AF_INET ? Family::v4 : Family::v6;
        std::memcpy(route.gateway.bytes.data(), via->rtvia_addr, address_bytes(via->rtvia_family));
        route.has_gateway = true;
        break;
      }
      default:
        break;
    }
  });
}

Result<Route> route_to(Netlink& netlink, const Address& destination) {
  Message<rtmsg> ask(RTM_GETROUTE, 0);
  ask->rtm_family = family_number(destination);
  ask->rtm_dst_len = static_cast<unsigned char>(destination.bits());
  ask.put(RTA_DST, destination);
  Route route;
  const auto read = netlink.request(ask.header(), [&](const nlmsghdr* m) { read_route(m, route); });
  if (!read) return read.error();
  return route;
}

Result<void> read_neighbours(Netlink& netlink, Neighbours& neighbours) {
  Message<ndmsg> ask(RTM_GETNEIGH, NLM_F_DUMP);
  const auto read = netlink.request(ask.header(), [&](const nlmsghdr* m) { read_neighbour(m, neighbours); });
  if (!read) return read.error().while_doing("reading neighbours");
  return {};
}

void ask_for_neighbour(Netlink& netlink, const NeighbourKey& key, std::uint32_t flags) {
  Message<ndmsg> ask(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_ACK);
  ask->ndm_family = family_number(key.address);
  ask->ndm_ifindex = static_cast<int>(key.ifindex);
  ask->ndm_state = NUD_NONE;
  ask->ndm_flags = NTF_USE;
  ask.put(NDA_DST, key.address);
  if (flags != 0) mnl_attr_put_u32(ask.header(), NDA_FLAGS_EXT, flags);
  const auto sent = netlink.request(ask.header(), [](const nlmsghdr*) {});
  static_cast<void>(sent.has_value());
}

}  // namespace steadfast
