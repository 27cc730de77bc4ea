// SPDX-License-Identifier: Apache-2.0
#include "compile/index.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/bug.h"
#include "compile/hash.h"
#include "compile/identity.h"

namespace steadfast {
namespace {

// Two words per service and two buckets for them (compile/capacity.cc) make one
// word per bucket on average, which holds eight: the chance that some bucket of a
// million overflows is about one in a hundred per key.
constexpr int kKeysToTry = 1000;

// A word of 0 ends a bucket; ids are never 0, so no word is.
bool insert(std::vector<sf_bucket>& buckets, std::uint64_t hash, std::uint32_t id) {
  auto& ways = buckets[static_cast<std::uint32_t>(hash) & (buckets.size() - 1)].way;
  const auto free = std::find(std::begin(ways), std::end(ways), 0u);
  if (free == std::end(ways)) return false;
  *free = (hash >> 32 << 32) | id;
  return true;
}

struct IndexEntry {
  sf_service_key key;
  std::uint32_t id;
};

unsigned bits_of(const sf_service_key& key) { return key.family == SF_IPV4 ? 32 : 128; }

std::vector<IndexEntry> entries_of(const std::vector<sf_service>& services) {
  std::vector<IndexEntry> entries;
  std::set<Address> known;
  for (std::uint32_t id = 1; id < services.size(); ++id) {
    const sf_service_key& key = services[id].key;
    if (key.family == 0) continue;
    if (key.port != 0) entries.push_back({key, id});
    if (services[id].vip_bits != bits_of(key) || !known.insert(identity_of(services[id]).vip).second)
      continue;
    sf_service_key address = key;
    address.port = 0;
    address.protocol = 0;
    entries.push_back({address, id});
  }
  return entries;
}

bool fill(ServiceIndex& index, const std::vector<IndexEntry>& entries) {
  std::fill(index.buckets.begin(), index.buckets.end(), sf_bucket{});
  return std::all_of(entries.begin(), entries.end(), [&](const IndexEntry& entry) {
    return insert(index.buckets, service_hash(index.key, entry.key), entry.id);
  });
}

}  // namespace

ServiceIndex build_index(const std::vector<sf_service>& services, std::uint32_t buckets,
                         std::string_view seed) {
  ServiceIndex index;
  index.buckets.resize(buckets);
  const auto entries = entries_of(services);
  for (int attempt = 0; attempt < kKeysToTry; ++attempt) {
    index.key = derive_key("index " + std::to_string(attempt), seed)[0];
    if (fill(index, entries)) return index;
  }
  bug("no key of a thousand keeps the service index from overflowing");
}

}  // namespace steadfast
