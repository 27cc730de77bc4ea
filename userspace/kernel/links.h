// SPDX-License-Identifier: Apache-2.0
// Links: the devices of the host as rtnetlink describes them, and what a frame
// that leaves by one of them has to look like on the wire: below VLAN devices
// its tags, below a bond the choice of members.
//
// Must not enter: asking the kernel (route.cc), routes and neighbours.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/address.h"
#include "compile/next_hop.h"

struct nlmsghdr;

namespace steadfast {

struct Link {
  std::string name;
  std::string kind;  // "vlan", "bond", "veth", …; empty for hardware
  Mac mac;
  std::uint32_t mtu = 0;
  bool up = false;
  bool ethernet = false;
  std::uint32_t lower = 0;       // the device below a VLAN device
  bool lower_elsewhere = false;  // …which is in another network namespace
  VlanTag tag;                   // of a VLAN device
  std::uint32_t master = 0;      // the bond, bridge, … it belongs to
};
using Links = std::map<std::uint32_t, Link>;

// Adds the link of one RTM_NEWLINK message.
void read_link(const nlmsghdr* message, Links& links);

// What carries frames that are sent by a device.
struct Egress {
  std::uint32_t ifindex = 0;
  std::vector<VlanTag> tags;           // outermost first
  std::vector<std::uint32_t> members;  // of a bond
  std::string problem;                 // why it cannot be expressed; empty when it can
};
Egress egress_of(const Links& links, std::uint32_t ifindex);

}  // namespace steadfast
