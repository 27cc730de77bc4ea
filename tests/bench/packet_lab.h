// SPDX-License-Identifier: Apache-2.0
// Configurations and frames of the packet benchmark: so many services, backends
// and flows of one family and forwarding mode.
#pragma once

#include <cstdint>
#include <string>

#include "driver.h"

namespace steadfast::bench {

struct Path {
  const char* family;  // of the VIP: ipv4 | ipv6
  const char* mode;    // l2 | ipip | gue, 4in6 and 6in4 are ipip across families
  const char* protocol;

  bool is_v6() const { return std::string(family) == "ipv6"; }
  bool outer_v6() const;
  std::uint32_t grows() const;  // bytes in front of the packet
};

struct Scale {
  std::uint32_t services = 1, backends = 16, flows = 1024;
};

// Every service has a pool of its own; backends are spread over the pools evenly,
// at least one each.
std::string lab_text(const Path& path, const Scale& scale);

// What a client sends first (a TCP SYN) or later, to a port of the first VIP.
Drive drive_of(const Path& path, bool first, std::uint16_t port = 80);

}  // namespace steadfast::bench
