// SPDX-License-Identifier: Apache-2.0
#include "compile/identity.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/bug.h"

namespace steadfast {

ServiceIdentity identity_of(const Service& service) {
  return {service.vip.value, service.port.value, static_cast<std::uint8_t>(service.protocol),
          static_cast<std::uint8_t>(service.vip_bits), service.last_port};
}

ServiceIdentity identity_of(const sf_service& row) {
  Address vip;
  vip.family = row.key.family == SF_IPV4 ? Family::v4 : Family::v6;
  std::memcpy(vip.bytes.data(), row.key.addr, sizeof row.key.addr);
  const std::uint16_t port = ntohs(row.key.port);
  if (port != 0) return {vip, port, row.key.protocol, static_cast<std::uint8_t>(vip.bits()), port};
  return {vip, row.first_port, row.key.protocol, row.vip_bits, row.last_port};
}

BackendIdentity identity_of(const Service& service, const Backend& backend) {
  return {identity_of(service), backend.address.value,
          backend.port ? backend.port->value : service.port.value};
}

// Fresh ids first: a number is recycled only when the table has none left that
// was never used, so old flows have the longest time to end.
template <typename Key>
std::uint32_t IdTable<Key>::assign(const Key& key) {
  if (const std::uint32_t known = find(key)) return known;
  for (std::uint32_t tried = 0; tried < capacity_; ++tried) {
    const std::uint32_t id = next_;
    next_ = next_ % capacity_ + 1;
    if (taken(id)) continue;
    adopt(key, id);
    return id;
  }
  return 0;
}

template <typename Key>
void IdTable<Key>::adopt(const Key& key, std::uint32_t id) {
  invariant(id >= 1 && id <= capacity_ && !taken(id) && !ids_.contains(key), "an id has one owner");
  ids_.emplace(key, id);
  used_.insert(id);
}

template <typename Key>
void IdTable<Key>::retain(const std::set<Key>& keep) {
  for (auto it = ids_.begin(); it != ids_.end();) {
    if (keep.contains(it->first)) {
      ++it;
      continue;
    }
    used_.erase(it->second);
    quarantine_.insert(it->second);
    it = ids_.erase(it);
  }
}

template <typename Key>
void IdTable<Key>::rest(std::uint32_t id) {
  if (id >= 1 && id <= capacity_ && !used_.contains(id)) quarantine_.insert(id);
}

template <typename Key>
void IdTable<Key>::go_back_to(const IdTable& before) {
  const std::set<std::uint32_t> meanwhile = std::exchange(used_, before.used_);
  ids_ = before.ids_;
  for (const std::uint32_t id : used_) quarantine_.erase(id);
  for (const std::uint32_t id : meanwhile) rest(id);
}

template <typename Key>
std::vector<bool> IdTable<Key>::quarantined() const {
  std::vector<bool> ids(capacity_ + 1);
  for (const std::uint32_t id : quarantine_) ids[id] = true;
  return ids;
}

template class IdTable<ServiceIdentity>;
template class IdTable<BackendIdentity>;

}  // namespace steadfast
