// SPDX-License-Identifier: Apache-2.0
#include "kernel/links.h"

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "bpf/abi.h"
#include "kernel/attributes.h"

namespace steadfast {
namespace {

// Devices that hand over a frame as it is given to them. What is not listed puts
// something in front (tunnels) or chooses a way that only it knows (bridges).
constexpr std::array<std::string_view, 7> kCarriers{"",          "veth",   "tun",    "dummy",
                                                    "netdevsim", "netkit", "macvlan"};

void read_vlan(const nlattr* data, Link& link) {
  for_each_nested(data, [&](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) == IFLA_VLAN_ID) link.tag.id = mnl_attr_get_u16(attribute);
    if (mnl_attr_get_type(attribute) == IFLA_VLAN_PROTOCOL)
      link.tag.type = ntohs(mnl_attr_get_u16(attribute));
  });
}

// The kind comes before its data, but nothing promises that.
void read_info(const nlattr* nested, Link& link) {
  const nlattr* data = nullptr;
  for_each_nested(nested, [&](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) == IFLA_INFO_KIND) link.kind = mnl_attr_get_str(attribute);
    if (mnl_attr_get_type(attribute) == IFLA_INFO_DATA) data = attribute;
  });
  if (link.kind == "vlan" && data != nullptr) read_vlan(data, link);
}

void read_attribute(const nlattr* attribute, Link& link) {
  switch (mnl_attr_get_type(attribute)) {
    case IFLA_IFNAME:
      link.name = mnl_attr_get_str(attribute);
      break;
    case IFLA_ADDRESS:
      link.mac = mac_in(attribute);
      break;
    case IFLA_MTU:
      link.mtu = mnl_attr_get_u32(attribute);
      break;
    case IFLA_LINK:
      link.lower = mnl_attr_get_u32(attribute);
      break;
    case IFLA_LINK_NETNSID:
      link.lower_elsewhere = true;
      break;
    case IFLA_MASTER:
      link.master = mnl_attr_get_u32(attribute);
      break;
    case IFLA_LINKINFO:
      read_info(attribute, link);
      break;
    default:
      break;
  }
}

std::vector<std::uint32_t> members_of(const Links& links, std::uint32_t master) {
  std::vector<std::uint32_t> members;
  for (const auto& [ifindex, link] : links)
    if (link.master == master) members.push_back(ifindex);
  return members;
}

bool is_carrier(const Link& link) {
  return link.ethernet && std::find(kCarriers.begin(), kCarriers.end(), link.kind) != kCarriers.end();
}

std::string described(const Link& link) {
  return "interface " + link.name + (link.kind.empty() ? " (no Ethernet)" : " (" + link.kind + ")");
}

std::string down(const Link& link) { return "interface " + link.name + " is down"; }

// Empty when the device below carries what `vlan` sends with one tag more.
std::string why_not_below(const Link& vlan, std::size_t tags) {
  if (!vlan.up) return down(vlan);
  if (vlan.lower_elsewhere) return "the device below " + vlan.name + " is in another network namespace";
  if (tags == SF_TAGS) return "more than " + std::to_string(SF_TAGS) + " VLAN tags above " + vlan.name;
  return {};
}

void end_at(const Links& links, std::uint32_t ifindex, Egress& egress) {
  const Link& link = links.at(ifindex);
  egress.ifindex = ifindex;
  if (!link.up) {
    egress.problem = down(link);
  } else if (link.kind == "bond") {
    egress.members = members_of(links, ifindex);
    if (egress.members.empty()) egress.problem = "bond " + link.name + " has no member";
  } else if (!is_carrier(link)) {
    egress.problem = described(link) + " decides itself how frames leave: XDP cannot send in its place";
  }
}

}  // namespace

void read_link(const nlmsghdr* message, Links& links) {
  const auto* info = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(message));
  Link link;
  link.up = (info->ifi_flags & IFF_UP) != 0;
  link.ethernet = info->ifi_type == ARPHRD_ETHER;
  for_each_attribute(message, sizeof(ifinfomsg),
                     [&](const nlattr* attribute) { read_attribute(attribute, link); });
  links[static_cast<std::uint32_t>(info->ifi_index)] = link;
}

Egress egress_of(const Links& links, std::uint32_t ifindex) {
  Egress egress;
  const auto top = links.find(ifindex);
  auto at = top;
  while (at != links.end() && at->second.kind == "vlan" && egress.problem.empty()) {
    egress.problem = why_not_below(at->second, egress.tags.size());
    egress.tags.insert(egress.tags.begin(), at->second.tag);
    at = links.find(at->second.lower);
  }
  if (!egress.problem.empty()) return egress;
  if (at != links.end()) {
    end_at(links, at->first, egress);
  } else {
    egress.problem = top == at ? "the device has gone" : "the device below " + top->second.name + " has gone";
  }
  return egress;
}

}  // namespace steadfast
