// SPDX-License-Identifier: Apache-2.0
// What drivers offer to XDP: the generic netlink family "netdev" of kernel 6.3 and
// later. Its numbers are the kernel's interface; Debian 12's headers are older.
#include <linux/genetlink.h>

#include <cerrno>

#include "host/readers.h"
#include "kernel/attributes.h"
#include "kernel/netlink.h"
#include "kernel/route_messages.h"

namespace steadfast::host {
namespace {

constexpr std::uint8_t kDeviceGet = 1;     // NETDEV_CMD_DEV_GET
constexpr std::uint16_t kIfindex = 1;      // NETDEV_A_DEV_IFINDEX
constexpr std::uint16_t kXdpFeatures = 3;  // NETDEV_A_DEV_XDP_FEATURES
constexpr std::uint16_t kUnknownFamily = 0;

void fill(Message<genlmsghdr>& message, std::uint8_t command) {
  message->cmd = command;
  message->version = 1;
}

// kUnknownFamily where the kernel has no such family.
Result<std::uint16_t> find_family(Netlink& netlink) {
  Message<genlmsghdr> ask(GENL_ID_CTRL, 0);
  fill(ask, CTRL_CMD_GETFAMILY);
  mnl_attr_put_strz(ask.header(), CTRL_ATTR_FAMILY_NAME, "netdev");
  std::uint16_t family = kUnknownFamily;
  const auto read = netlink.request(ask.header(), [&](const nlmsghdr* message) {
    for_each_attribute(message, sizeof(genlmsghdr), [&](const nlattr* attribute) {
      if (mnl_attr_get_type(attribute) == CTRL_ATTR_FAMILY_ID) family = mnl_attr_get_u16(attribute);
    });
  });
  if (!read && read.error().os_error != ENOENT) return read.error();
  return family;
}

}  // namespace

Result<std::map<std::uint32_t, std::uint64_t>> read_xdp_features() {
  std::map<std::uint32_t, std::uint64_t> features;
  auto netlink = Netlink::open(0, NETLINK_GENERIC);
  if (!netlink) return netlink.error();
  const auto family = find_family(*netlink);
  if (!family) return family.error();
  if (*family == kUnknownFamily) return features;
  Message<genlmsghdr> ask(*family, NLM_F_DUMP);
  fill(ask, kDeviceGet);
  const auto read = netlink->request(ask.header(), [&](const nlmsghdr* message) {
    std::uint32_t ifindex = 0;
    std::uint64_t bits = 0;
    for_each_attribute(message, sizeof(genlmsghdr), [&](const nlattr* attribute) {
      if (mnl_attr_get_type(attribute) == kIfindex) ifindex = mnl_attr_get_u32(attribute);
      if (mnl_attr_get_type(attribute) == kXdpFeatures) bits = mnl_attr_get_u64(attribute);
    });
    features[ifindex] = bits;
  });
  if (!read) return read.error().while_doing("reading XDP features");
  return features;
}

}  // namespace steadfast::host
