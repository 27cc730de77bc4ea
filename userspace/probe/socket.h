// SPDX-License-Identifier: Apache-2.0
// Sockets of probes: non-blocking, on a local port that no other socket of this
// host can share, and closed without a trace.
//
// Must not enter: which path the packets take.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "kernel/bpf_maps.h"
#include "probe/probe.h"

namespace steadfast::probe {

// Bound to a port of its own, not yet connected.
Result<Fd> open_socket(Family family, bool datagram);
Result<std::uint16_t> local_port(int socket);

// Segments such that the inner packet, `headers` around the segment, is no larger than `mtu`.
Result<void> limit_segments(int socket, std::uint16_t mtu, std::uint16_t headers);

// errno, 0 when it is on its way or done.
int connect_to(int socket, const Endpoint& backend);
int pending_error(int socket);

// A reset in place of a farewell: nothing of the connection stays behind that
// could answer later, past the path.
void abandon(Fd& socket);

}  // namespace steadfast::probe
