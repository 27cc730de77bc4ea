// SPDX-License-Identifier: Apache-2.0
// Listeners: the kernel's socket tables (/proc/net/tcp, tcp6, udp, udp6) as values.
//
// Must not enter: reading files.
#pragma once

#include <string_view>
#include <vector>

#include "backend.h"

namespace steadfast::decap {

// Sockets of `table` that wait for clients: TCP in LISTEN, UDP without a peer.
// Lines that are no sockets are passed over: the first is a heading.
std::vector<Listener> read_listeners(std::string_view table, Protocol protocol);

}  // namespace steadfast::decap
