// SPDX-License-Identifier: Apache-2.0
// The configurations whose services meet arbitrary frames. What a corpus file means
// depends on them: append, do not change.
#pragma once

#include <array>

namespace steadfast {

inline constexpr const char* kPacketHead =
    "schema = 1\n[host]\ninterfaces = [\"eth0\"]\nxdp_mode = \"native\"\n"
    "source = [\"198.51.100.0/24\", \"2001:db8:ffff::1\"]\nhash_seed = \"fuzz\"\n"
    "[limits]\nservices = 16\nbackends = 64\nflows = 64\nranges = 64\n";

// Every mode over both families; what each service wants of its flows and sources.
inline constexpr const char* kPlainServices = R"(
[[service]]
name = "web"
vip = "192.0.2.10"
protocol = "tcp"
port = 80
forward = "ipip"
pool = "four"
allow = ["203.0.113.0/24"]
deny = ["203.0.113.128/25"]
[[service]]
name = "web6"
vip = "2001:db8::10"
protocol = "tcp"
port = 80
forward = "gue"
pool = "six"
new_flows_per_source = 1
[[service]]
name = "dns"
vip = "192.0.2.10"
protocol = "udp"
port = 53
forward = "gue"
pool = "four"
idle = "16s"
[[service]]
name = "dns6"
vip = "2001:db8::10"
protocol = "udp"
port = 53
forward = "l2"
pool = "six"
flows = "hash-only"
hash = "source"
[[service]]
name = "unreachable"
vip = "192.0.2.11"
protocol = "tcp"
port = 80
forward = "ipip"
pool = "lost"
[[service]]
name = "drained"
vip = "192.0.2.12"
protocol = "tcp"
port = 80
forward = "ipip"
pool = "drained"
)";

// Prefixes, ranges of ports, connection ids.
inline constexpr const char* kWideServices = R"(
[[service]]
name = "net"
vip = "192.0.2.0/24"
protocol = "tcp"
port = "all"
forward = "ipip"
pool = "six"
[[service]]
name = "range"
vip = "192.0.2.10"
protocol = "tcp"
port = "8000-8999"
forward = "l2"
pool = "four"
[[service]]
name = "quic"
vip = "192.0.2.10"
protocol = "udp"
port = 443
forward = "gue"
pool = "four"
quic = { server_id_bytes = 2, config_id = 1 }
[[service]]
name = "net6"
vip = "2001:db8::/64"
protocol = "udp"
port = "all"
forward = "gue"
pool = "four"
deny = ["2001:db8:c::/64"]
)";

inline constexpr const char* kPools = R"(
[[pool]]
name = "four"
[[pool.backend]]
name = "a"
address = "10.0.0.1"
weight = 2
server_id = 1
[[pool.backend]]
name = "b"
address = "10.0.0.2"
weight = 1
server_id = 2
[[pool]]
name = "six"
[[pool.backend]]
name = "a"
address = "2001:db8:b::1"
weight = 1
[[pool.backend]]
name = "b"
address = "2001:db8:b::2"
weight = 1
[[pool]]
name = "lost"
[[pool.backend]]
name = "a"
address = "10.0.9.9"
weight = 1
[[pool]]
name = "drained"
[[pool.backend]]
name = "a"
address = "10.0.8.8"
weight = 1
state = "drain"
)";

}  // namespace steadfast
