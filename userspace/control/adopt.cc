// SPDX-License-Identifier: Apache-2.0
#include "control/adopt.h"

#include <netinet/in.h>

#include <cstring>
#include <string>
#include <vector>

namespace steadfast {
namespace {

Address address_of(const __be32 (&words)[4], std::uint8_t family) {
  Address address;
  address.family = family == SF_IPV4 ? Family::v4 : Family::v6;
  std::memcpy(address.bytes.data(), words, sizeof words);
  return address;
}

BackendIdentity identity_of(const sf_backend& row, const sf_service& service) {
  const ServiceIdentity owner = steadfast::identity_of(service);
  return {owner, address_of(row.address, row.address_family), owner.port};
}

// The kernel's memory is as trustworthy as whoever wrote it last: two rows for
// one owner are refused, not merged.
template <typename Key>
Result<void> adopt_row(IdTable<Key>& table, const Key& key, std::uint32_t id, const char* what) {
  if (table.find(key) != 0)
    return Error{std::string("the kernel's tables hold the same ") + what + " twice (ids " +
                 std::to_string(table.find(key)) + " and " + std::to_string(id) + ")"};
  table.adopt(key, id);
  return {};
}

// Flows and trains of fragments outlive the daemon that knew which ids were in
// quarantine: an id that one of them still names must not get another owner.
void rest_remembered(const Memory& memory, Identities& identities) {
  std::vector<bool> named(SF_BACKEND_ID_MAX + 1);
  for (const auto& table : {memory.flows, memory.fragments})
    for (const sf_bucket& bucket : table)
      for (const __u64 word : bucket.way) named[word >> SF_FLOW_BACKEND_SHIFT & SF_BACKEND_ID_MAX] = true;
  for (std::uint32_t id = 1; id < memory.capacity.backends && id < named.size(); ++id)
    if (named[id]) identities.backends.rest(id);
}

}  // namespace

Result<void> adopt(const Memory& memory, Identities& identities) {
  const std::uint32_t slot = live_slot(memory);
  if (slot >= SF_SLOTS) return {};
  for (std::uint32_t id = 1; id < memory.capacity.services; ++id) {
    const sf_service& row = memory.services[std::size_t{slot} * memory.capacity.services + id];
    if (row.key.family == 0) continue;
    if (auto done = adopt_row(identities.services, steadfast::identity_of(row), id, "service"); !done)
      return done;
  }
  for (std::uint32_t id = 1; id < memory.capacity.backends; ++id) {
    const sf_backend& row = memory.backends[std::size_t{slot} * memory.capacity.backends + id];
    if (row.state == SF_BACKEND_ABSENT) continue;
    if (row.service_id >= memory.capacity.services)
      return Error{"the kernel's tables name a service that cannot be"};
    const sf_service& service =
        memory.services[std::size_t{slot} * memory.capacity.services + row.service_id];
    if (auto done = adopt_row(identities.backends, identity_of(row, service), id, "backend"); !done)
      return done;
  }
  rest_remembered(memory, identities);
  return {};
}

}  // namespace steadfast
