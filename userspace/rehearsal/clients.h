// SPDX-License-Identifier: Apache-2.0
// Clients: source addresses to try a service with. They come from the blocks for
// documentation (RFC 5737, RFC 3849) where the service lets those in: no flow of a
// user is remembered under them.
//
// Must not enter: engines, and what packets meet there.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compile/precedence.h"
#include "model/model.h"

namespace steadfast::rehearsal {

// At most `most` addresses that `allow` and `deny` let in, the same every time;
// none when they let nobody in.
std::vector<Address> welcome_clients(const Service& service, std::size_t most);

// As many clients as reach nearly every backend of a pool of some eighty, where
// nothing but the address decides.
inline constexpr std::size_t kManyClients = 480;

struct ClientOf {
  const Backend* backend = nullptr;
  Address client;
};
// Of a service whose hash ignores the source port: a client for each backend that
// one of them reaches at `at`, in the order of the pool.
std::vector<ClientOf> clients_by_backend(const Model& model, const Service& service, const Point& at);

struct RefusedClient {
  Address address;
  std::uint32_t verdict = 0;
};
// Nothing when the service lets everybody in.
std::optional<RefusedClient> refused_client(const Service& service);

}  // namespace steadfast::rehearsal
