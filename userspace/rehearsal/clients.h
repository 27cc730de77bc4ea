// SPDX-License-Identifier: Apache-2.0
// Clients: source addresses to try a service with. They come from the blocks for
// documentation (RFC 5737, RFC 3849) where the service lets those in: no flow of a
// user is remembered under them.
//
// Must not enter: packets, and what they meet.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/model.h"

namespace steadfast::rehearsal {

// At most `most` addresses that `allow` and `deny` let in, the same every time;
// none when they let nobody in.
std::vector<Address> welcome_clients(const Service& service, std::size_t most);

struct RefusedClient {
  Address address;
  std::uint32_t verdict = 0;
};
// Nothing when the service lets everybody in.
std::optional<RefusedClient> refused_client(const Service& service);

}  // namespace steadfast::rehearsal
