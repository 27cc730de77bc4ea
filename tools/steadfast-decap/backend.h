// SPDX-License-Identifier: Apache-2.0
// What a backend is asked to be (Wanted) and what its host is (BackendHost), as
// plain values: check.h compares the two, host.h fills the second.
//
// Must not enter: asking the system, judging.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"

namespace steadfast::decap {

enum class Protocol : std::uint8_t { tcp = 6, udp = 17 };
enum class Forward : std::uint8_t { l2, ipip, gue };

// A port that somebody should listen on; of an open socket with its address.
struct Port {
  Protocol protocol = Protocol::tcp;
  std::uint16_t number = 0;
  bool operator==(const Port&) const = default;
};
struct Listener {
  Address address;
  Port port;
  bool operator==(const Listener&) const = default;
};

struct Wanted {
  std::string device;
  Forward forward = Forward::ipip;
  std::vector<Address> vips;
  std::vector<Port> ports;     // on every VIP
  std::vector<Address> local;  // where tunnels end
  std::optional<Address> client;
  std::optional<std::uint32_t> path_mtu;  // largest packet that the balancer sends here
};

struct HostAddress {
  Address address;
  std::string device;
};

struct BackendHost {
  bool up = true;
  std::uint32_t mtu = 1500;  // of the device, as all that follows up to `way_back`
  bool lro = false;
  unsigned rp_filter = 0;  // the kernel takes the larger of `all` and the device's
  unsigned arp_ignore = 0;
  unsigned arp_announce = 0;
  std::string foreign_program;  // XDP that is not ours; empty when there is none
  std::string way_back;         // interface towards clients; empty when no route leads there
  std::vector<HostAddress> addresses;
  std::vector<Listener> listeners;
};

}  // namespace steadfast::decap
