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

}  // namespace steadfast
