// SPDX-License-Identifier: Apache-2.0
#include "kernel/way_back.h"

#include <linux/rtnetlink.h>
#include <net/if.h>

#include <array>

#include "kernel/attributes.h"
#include "kernel/netlink.h"

namespace steadfast {
namespace {

struct Way {
  std::uint32_t ifindex = 0;
  std::uint32_t priority = UINT32_MAX;
};

Way way_in(const nlmsghdr* message) {
  Way way{0, 0};
  for_each_attribute(message, sizeof(rtmsg), [&](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) == RTA_OIF) way.ifindex = mnl_attr_get_u32(attribute);
    if (mnl_attr_get_type(attribute) == RTA_PRIORITY) way.priority = mnl_attr_get_u32(attribute);
    if (mnl_attr_get_type(attribute) == RTA_MULTIPATH)
      way.ifindex = static_cast<std::uint32_t>(
          static_cast<const rtnexthop*>(mnl_attr_get_payload(attribute))->rtnh_ifindex);
  });
  return way;
}

bool is_default(const nlmsghdr* message) {
  const auto* info = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(message));
  return info->rtm_dst_len == 0 && info->rtm_table == RT_TABLE_MAIN && info->rtm_type == RTN_UNICAST;
}

rtmsg* put_route(nlmsghdr* header, std::uint16_t flags, unsigned char family) {
  header->nlmsg_type = RTM_GETROUTE;
  header->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  auto* info = static_cast<rtmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(rtmsg)));
  info->rtm_family = family;
  return info;
}

std::string name_of(std::uint32_t ifindex) {
  std::array<char, IF_NAMESIZE> name{};
  return ifindex != 0 && if_indextoname(ifindex, name.data()) != nullptr ? name.data() : "";
}

using Buffer = std::array<char, 512>;

// A client that no route leads to is an answer; anything else is an Error.
Result<std::string> towards(Netlink& netlink, const Address& client) {
  alignas(nlmsghdr) Buffer buffer;
  nlmsghdr* header = mnl_nlmsg_put_header(buffer.data());
  put_route(header, 0, client.is_v4() ? AF_INET : AF_INET6)->rtm_dst_len =
      static_cast<unsigned char>(client.bits());
  mnl_attr_put(header, RTA_DST, client.bits() / 8, client.bytes.data());
  Way way;
  const auto asked = netlink.request(header, [&](const nlmsghdr* answer) { way = way_in(answer); });
  if (!asked && asked.error().os_error != ENETUNREACH && asked.error().os_error != EHOSTUNREACH)
    return asked.error().while_doing("route to " + client.text());
  return name_of(way.ifindex);
}

Result<std::string> by_default(Netlink& netlink) {
  alignas(nlmsghdr) Buffer buffer;
  nlmsghdr* header = mnl_nlmsg_put_header(buffer.data());
  put_route(header, NLM_F_DUMP, AF_INET);
  Way best;
  const auto read = netlink.request(header, [&](const nlmsghdr* answer) {
    const Way way = is_default(answer) ? way_in(answer) : Way{};
    if (way.priority < best.priority) best = way;
  });
  if (!read) return read.error().while_doing("reading routes");
  return name_of(best.ifindex);
}

}  // namespace

Result<std::string> way_back(const std::optional<Address>& client) {
  auto netlink = Netlink::open();
  if (!netlink) return netlink.error();
  return client ? towards(*netlink, *client) : by_default(*netlink);
}

}  // namespace steadfast
