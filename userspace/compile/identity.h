// SPDX-License-Identifier: Apache-2.0
// Identities: which id a service or a backend has in the kernel. Ids are stable
// across generations, because flows and counters name them; an id whose owner
// was removed rests in quarantine until no flow names it any more, so that a
// recycled number never sends an old flow to a different server.
//
// Must not enter: the kernel. The caller says when nothing names an id any more.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bpf/abi.h"
#include "model/model.h"

namespace steadfast {

struct ServiceIdentity {
  Address vip;
  std::uint16_t port = 0;  // the first one
  std::uint8_t protocol = 0;
  std::uint8_t vip_bits = 0;
  std::uint16_t last_port = 0;
  auto operator<=>(const ServiceIdentity&) const = default;
};

struct BackendIdentity {
  ServiceIdentity service;
  Address address;
  std::uint16_t port = 0;
  auto operator<=>(const BackendIdentity&) const = default;
};

ServiceIdentity identity_of(const Service& service);
// The same of a row that the kernel holds.
ServiceIdentity identity_of(const sf_service& row);
BackendIdentity identity_of(const Service& service, const Backend& backend);

// Ids of one kind, 1…capacity.
template <typename Key>
class IdTable {
 public:
  explicit IdTable(std::uint32_t capacity) : capacity_(capacity) {}

  std::uint32_t find(const Key& key) const {
    const auto it = ids_.find(key);
    return it == ids_.end() ? 0 : it->second;
  }
  // The id `key` has or gets; 0 when every id is taken or in quarantine.
  std::uint32_t assign(const Key& key);
  // For adopting what the kernel already runs.
  void adopt(const Key& key, std::uint32_t id);
  // Ends every identity that is not in `keep`; their ids go into quarantine.
  void retain(const std::set<Key>& keep);
  // The owner of `from` is `to` from now on. Nothing happens where `to` has an id or `from` has none.
  void rename(const Key& from, const Key& to);
  // Puts an id that has no owner into quarantine.
  void rest(std::uint32_t id);
  // Undoes what happened since `before`: its owners have their ids again, and the
  // ids given out meanwhile rest, because flows may name them.
  void go_back_to(const IdTable& before);
  // Ids in quarantine, by id.
  std::vector<bool> quarantined() const;
  // Ends the quarantine: the caller has made sure that nothing names these ids.
  void release() { quarantine_.clear(); }
  const std::map<Key, std::uint32_t>& ids() const { return ids_; }

 private:
  bool taken(std::uint32_t id) const { return used_.contains(id) || quarantine_.contains(id); }

  std::uint32_t capacity_;
  std::uint32_t next_ = 1;
  std::map<Key, std::uint32_t> ids_;
  std::set<std::uint32_t> used_;
  std::set<std::uint32_t> quarantine_;
};

struct Identities {
  IdTable<ServiceIdentity> services;
  IdTable<BackendIdentity> backends;

  explicit Identities(const Limits& limits)
      : services(limits.services.value), backends(limits.backends.value) {}
};

// Of a service that keeps its name and gets a wider or a narrower VIP or range of
// ports, the backends keep their ids, and so its flows stay where they are.
void follow_resized(const Model& before, const Model& after, Identities& identities);

}  // namespace steadfast
