// SPDX-License-Identifier: Apache-2.0
// Record: from a backend's row in the tables to the path of a probe. Pure.
//
// Must not enter: maps and sockets, the configuration.
#pragma once

#include <optional>

#include "bpf/abi.h"
#include "bpf/probe.h"
#include "probe/probe.h"

namespace steadfast::probe {

// The backend's own address and `port`: what the probe's socket connects to.
Endpoint backend_of(const sf_backend& row, std::uint16_t port);

// The path of packets for VIP:`port` to this backend. `inner_source`: an address
// of this host of the VIP's family, for a backend of the other one; without it
// such a path does not exist.
std::optional<PacketPath> path_to_vip(const sf_backend& row, std::uint8_t protocol, std::uint16_t port,
                                      const std::optional<Address>& inner_source);

// The same tunnel, but with the backend's own address inside: it tells a backend
// that opens tunnels from one that does not. The outer source is this host's
// own, so that errors find the way back. None where there is no tunnel.
std::optional<PacketPath> path_to_itself(const sf_backend& row, std::uint8_t protocol, std::uint16_t port);

Wire wire_of(const sf_probe_seen& seen, std::uint8_t vip_family);

}  // namespace steadfast::probe
