// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/clients.h"

#include <algorithm>
#include <map>

#include "compile/hash.h"
#include "compile/intervals.h"
#include "compile/ranges.h"
#include "compile/ring.h"

namespace steadfast::rehearsal {
namespace {

constexpr unsigned kFewestInARow = 4;
constexpr unsigned kMostInARow = 240;  // the last byte has room for more, and there they end

// `count` addresses from `first` on.
void add_row(std::vector<Address>& addresses, Address first, unsigned count) {
  std::uint8_t& last = first.bytes[first.is_v4() ? 3 : 15];
  for (unsigned i = 0; i < count; ++i, ++last) addresses.push_back(first);
}

std::vector<Address> documented(bool ipv4, unsigned in_a_row) {
  std::vector<Address> addresses;
  for (const char* first : {"203.0.113.7", "198.51.100.7"})
    if (ipv4) add_row(addresses, *Address::parse(first), in_a_row);
  for (const char* first : {"2001:db8:ffff::7", "2001:db8:fffe::7"})
    if (!ipv4) add_row(addresses, *Address::parse(first), in_a_row);
  return addresses;
}

// Where an answer begins; the very first address there is names no host.
std::vector<Address> candidates(const Service& service, const std::vector<Step>& steps,
                                std::size_t most = 0) {
  const auto in_a_row = static_cast<unsigned>(std::clamp<std::size_t>(most / 2, kFewestInARow, kMostInARow));
  std::vector<Address> addresses = documented(service.vip->is_v4(), in_a_row);
  for (const Step& step : steps) {
    if (step.first == RangeKey{}) continue;
    Address address = address_of(step.first, service.vip->family);
    addresses.push_back(address);
    std::uint8_t& last = address.bytes[address.is_v4() ? 3 : 15];
    if (last == 0) add_row(addresses, (++last, address), in_a_row - 1);
  }
  addresses.push_back(*Address::parse(service.vip->is_v4() ? "1.0.0.1" : "2000::1"));
  return addresses;
}

std::uint32_t verdict_of(const std::vector<Step>& steps, const Address& address) {
  return value_at(steps, first_key({address, address.bits()}));
}

}  // namespace

std::vector<Address> welcome_clients(const Service& service, std::size_t most) {
  const std::vector<Step> steps = source_steps(service);
  std::vector<Address> welcome;
  for (const Address& address : candidates(service, steps, most))
    if (welcome.size() < most && verdict_of(steps, address) == 0) welcome.push_back(address);
  return welcome;
}

std::vector<ClientOf> clients_by_backend(const Model& model, const Service& service, const Point& at) {
  const auto key = derive_key("flow", model.host.hash_seed);
  sf_slot slot{};
  std::copy(key.begin(), key.end(), slot.hash_key);
  RingCache rings;
  const auto& ring = rings.ring_of(model.pool_of(service));
  std::map<std::size_t, Address> met;
  Packet packet;
  packet.protocol = static_cast<std::uint8_t>(service.protocol);
  packet.destination = at.address;
  packet.destination_port = at.port;
  for (const Address& client : welcome_clients(service, ring.empty() ? 0 : kManyClients)) {
    packet.source = client;
    const auto hash = ring_hash(slot, static_cast<std::uint32_t>(service.hash), packet);
    met.try_emplace(ring[hash & (ring.size() - 1)], client);
  }
  std::vector<ClientOf> clients;
  clients.reserve(met.size());
  for (const auto& [backend, client] : met)
    clients.push_back({&model.pool_of(service).backends[backend], client});
  return clients;
}

std::optional<RefusedClient> refused_client(const Service& service) {
  const std::vector<Step> steps = source_steps(service);
  for (const Address& address : candidates(service, steps))
    if (const std::uint32_t verdict = verdict_of(steps, address)) return RefusedClient{address, verdict};
  return std::nullopt;
}

}  // namespace steadfast::rehearsal
