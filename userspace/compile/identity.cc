// SPDX-License-Identifier: Apache-2.0
#include "compile/identity.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/bug.h"
#include "compile/precedence.h"

namespace steadfast {
namespace {

bool is_resized(const Service& before, const Service& after) {
  return identity_of(before) != identity_of(after) && (covers(after, before) || covers(before, after));
}

void follow_backends(const Service& before, const Pool& pool, const Service& after, Identities& identities) {
  for (const Backend& backend : pool.backends)
    identities.backends.rename(identity_of(before, backend),
                               {identity_of(after), backend.address.value, after.port.value});
}

}  // namespace

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
void IdTable<Key>::rename(const Key& from, const Key& to) {
  if (ids_.contains(to)) return;
  auto owned = ids_.extract(from);
  if (owned.empty()) return;
  owned.key() = to;
  ids_.insert(std::move(owned));
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

// Another service may have taken the place that a resized one left: its backends are its own.
void follow_resized(const Model& before, const Model& after, Identities& identities) {
  std::map<std::string_view, const Service*> known;
  std::set<ServiceIdentity> wanted;
  for (const Service& service : before.services) known.emplace(service.name, &service);
  for (const Service& service : after.services) wanted.insert(identity_of(service));
  for (const Service& service : after.services) {
    const auto was = known.find(service.name);
    if (was == known.end() || !is_resized(*was->second, service)) continue;
    if (!wanted.contains(identity_of(*was->second)))
      follow_backends(*was->second, before.pool_of(*was->second), service, identities);
  }
}

}  // namespace steadfast
