// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/clients.h"

#include <algorithm>

#include "compile/intervals.h"
#include "compile/ranges.h"

namespace steadfast::rehearsal {
namespace {

constexpr unsigned kInARow = 4;

// `count` addresses from `first` on.
void add_row(std::vector<Address>& addresses, Address first, unsigned count = kInARow) {
  std::uint8_t& last = first.bytes[first.is_v4() ? 3 : 15];
  for (unsigned i = 0; i < count; ++i, ++last) addresses.push_back(first);
}

std::vector<Address> documented(bool ipv4) {
  std::vector<Address> addresses;
  for (const char* first : {"203.0.113.7", "198.51.100.7"})
    if (ipv4) add_row(addresses, *Address::parse(first));
  for (const char* first : {"2001:db8:ffff::7", "2001:db8:fffe::7"})
    if (!ipv4) add_row(addresses, *Address::parse(first));
  return addresses;
}

// Where an answer begins; the very first address there is names no host.
std::vector<Address> candidates(const Service& service, const std::vector<Step>& steps) {
  std::vector<Address> addresses = documented(service.vip->is_v4());
  for (const Step& step : steps) {
    if (step.first == RangeKey{}) continue;
    Address address = address_of(step.first, service.vip->family);
    addresses.push_back(address);
    std::uint8_t& last = address.bytes[address.is_v4() ? 3 : 15];
    if (last == 0) add_row(addresses, (++last, address), kInARow - 1);
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
  for (const Address& address : candidates(service, steps))
    if (welcome.size() < most && verdict_of(steps, address) == 0) welcome.push_back(address);
  return welcome;
}

std::optional<RefusedClient> refused_client(const Service& service) {
  const std::vector<Step> steps = source_steps(service);
  for (const Address& address : candidates(service, steps))
    if (const std::uint32_t verdict = verdict_of(steps, address)) return RefusedClient{address, verdict};
  return std::nullopt;
}

}  // namespace steadfast::rehearsal
