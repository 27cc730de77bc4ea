// SPDX-License-Identifier: Apache-2.0
// Interfaces and addresses, as rtnetlink lists them.
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "host/readers.h"
#include "kernel/inspect.h"
#include "kernel/netlink.h"
#include "kernel/route_messages.h"

namespace steadfast::host {
namespace {

void add_program(const nlattr* id, AttachMode mode, Interface& interface) {
  if (mnl_attr_get_u32(id) != 0) interface.programs.push_back({mnl_attr_get_u32(id), mode, {}});
}

void read_xdp(const nlattr* nested, Interface& interface) {
  for_each_nested(nested, [&](const nlattr* attribute) {
    switch (mnl_attr_get_type(attribute)) {
      case IFLA_XDP_DRV_PROG_ID:
        return add_program(attribute, AttachMode::native, interface);
      case IFLA_XDP_SKB_PROG_ID:
        return add_program(attribute, AttachMode::generic, interface);
      case IFLA_XDP_HW_PROG_ID:
        return add_program(attribute, AttachMode::offload, interface);
      default:
        return;
    }
  });
}

void read_attribute(const nlattr* attribute, Interface& interface) {
  switch (mnl_attr_get_type(attribute)) {
    case IFLA_IFNAME:
      interface.name = mnl_attr_get_str(attribute);
      return;
    case IFLA_ADDRESS:
      interface.mac = mac_in(attribute);
      return;
    case IFLA_MTU:
      interface.mtu = mnl_attr_get_u32(attribute);
      return;
    case IFLA_LINK:
      interface.lower = mnl_attr_get_u32(attribute);
      return;
    case IFLA_MASTER:
      interface.master = mnl_attr_get_u32(attribute);
      return;
    case IFLA_LINKINFO:
      return for_each_nested(attribute, [&](const nlattr* info) {
        if (mnl_attr_get_type(info) == IFLA_INFO_KIND) interface.kind = mnl_attr_get_str(info);
      });
    case IFLA_XDP:
      return read_xdp(attribute, interface);
    default:
      return;
  }
}

Interface interface_in(const nlmsghdr* message) {
  const auto* info = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(message));
  Interface interface;
  interface.ifindex = static_cast<std::uint32_t>(info->ifi_index);
  interface.up = (info->ifi_flags & IFF_UP) != 0;
  interface.carrier = (info->ifi_flags & IFF_LOWER_UP) != 0;
  interface.loopback = (info->ifi_flags & IFF_LOOPBACK) != 0;
  for_each_attribute(message, sizeof(ifinfomsg),
                     [&](const nlattr* attribute) { read_attribute(attribute, interface); });
  return interface;
}

LocalAddress address_of(const nlmsghdr* message) {
  const auto* info = static_cast<const ifaddrmsg*>(mnl_nlmsg_get_payload(message));
  LocalAddress local;
  local.ifindex = info->ifa_index;
  local.length = info->ifa_prefixlen;
  bool is_local = false;  // IFA_ADDRESS is the peer's on a point-to-point link
  for_each_attribute(message, sizeof(ifaddrmsg), [&](const nlattr* attribute) {
    const auto type = mnl_attr_get_type(attribute);
    if (type != IFA_LOCAL && (type != IFA_ADDRESS || is_local)) return;
    local.address = address_in(attribute, info->ifa_family);
    is_local = type == IFA_LOCAL;
  });
  return local;
}

Result<void> name_programs(Interface& interface) {
  for (AttachedProgram& program : interface.programs) {
    auto name = program_name(program.id);
    if (!name) return name.error();
    program.name = std::move(*name);
  }
  return {};
}

}  // namespace

Result<std::vector<Interface>> read_interfaces() {
  auto netlink = Netlink::open();
  if (!netlink) return netlink.error();
  std::vector<Interface> interfaces;
  Message<ifinfomsg> ask(RTM_GETLINK, NLM_F_DUMP);
  const auto keep = [&](const nlmsghdr* message) { interfaces.push_back(interface_in(message)); };
  if (auto read = netlink->request(ask.header(), keep); !read)
    return read.error().while_doing("reading interfaces");
  for (Interface& interface : interfaces)
    if (auto named = name_programs(interface); !named) return named.error();
  return interfaces;
}

Result<std::vector<LocalAddress>> read_addresses() {
  auto netlink = Netlink::open();
  if (!netlink) return netlink.error();
  std::vector<LocalAddress> addresses;
  Message<ifaddrmsg> ask(RTM_GETADDR, NLM_F_DUMP);
  const auto keep = [&](const nlmsghdr* message) { addresses.push_back(address_of(message)); };
  if (auto read = netlink->request(ask.header(), keep); !read)
    return read.error().while_doing("reading addresses");
  return addresses;
}

}  // namespace steadfast::host
