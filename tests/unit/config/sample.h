// SPDX-License-Identifier: Apache-2.0
// A whole and right file, and small helpers to break it.
#pragma once

#include <stdexcept>
#include <string>

#include "config/config.h"

namespace steadfast::config {

inline const std::string kSample = R"(schema = 1
[host]
interfaces = ["eth0", "eth1"]
xdp_mode = "generic"
source = ["198.51.100.0/28", "2001:db8::1"]
hash_seed = "edge-fleet-1"
gue_port = 6081
mtu = 1500
[limits]
services = 1024
backends = "8K"
flows = "4M"
[[service]]
name = "web"
vip = "192.0.2.10"
protocol = "tcp"
port = 443
forward = "ipip"
pool = "web"
state = "parked"
[[pool]]
name = "web"
min_healthy = "50%"
min_backends = 2
max_share = "12.5%"
[pool.health]
type = "http"
interval = "2s"
timeout = "500ms"
fall = 3
rise = 2
path = "/up"
independent = true
[[pool.backend]]
name = "web-01"
address = "10.0.2.10"
weight = 100
labels = { rack = "r2" }
[[pool.backend]]
name = "web-02"
address = "10.0.2.11"
weight = 0
state = "drain"
port = 443
)";

// `text` with its only `old` replaced; a test that misses its mark must not pass.
inline std::string with(std::string text, const std::string& old, const std::string& replacement) {
  const auto at = text.find(old);
  if (at == std::string::npos || text.find(old, at + 1) != std::string::npos)
    throw std::logic_error("the text to replace is not there exactly once: " + old);
  return text.replace(at, old.size(), replacement);
}

}  // namespace steadfast::config
