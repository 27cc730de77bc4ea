// SPDX-License-Identifier: Apache-2.0
// What the compiler needs to know of the host's network: for each backend the
// Ethernet header that takes a packet to it. Filled by kernel/route.h from
// rtnetlink, or by a test; the compiler asks nobody.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/address.h"

namespace steadfast {

// An 802.1Q (0x8100) or 802.1ad (0x88a8) tag on the way out.
struct VlanTag {
  std::uint16_t type = 0x8100;
  std::uint16_t id = 0;
  bool operator==(const VlanTag&) const = default;
};

struct NextHop {
  Mac destination;
  Mac source;
  std::uint32_t ifindex = 0;           // of the device that carries XDP: below a VLAN device its parent
  std::vector<VlanTag> tags;           // outermost first, two at most
  std::vector<std::uint32_t> members;  // of the bond `ifindex`; empty when it is none
  std::uint16_t mtu = 1500;
  bool on_link = false;
  std::string interface;
  std::string problem;     // why it is unresolved; empty when it is usable
  bool is_silent = false;  // the way is there, only the neighbour does not answer
  bool pending = false;    // asked for, not yet answered: an older answer still holds

  bool resolved() const { return problem.empty() && !destination.is_zero(); }
  bool operator==(const NextHop&) const = default;
};

using NextHops = std::map<Address, NextHop>;

}  // namespace steadfast
