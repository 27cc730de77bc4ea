// SPDX-License-Identifier: Apache-2.0
#include "compile/index.h"

#include <algorithm>
#include <string>

#include "base/bug.h"
#include "compile/hash.h"

namespace steadfast {
namespace {

// One bucket per service on average holds eight: the chance that some bucket of
// a million overflows is about one in a hundred per key.
constexpr int kKeysToTry = 1000;

// A word of 0 ends a bucket; ids are never 0, so no word is.
bool insert(std::vector<sf_bucket>& buckets, std::uint64_t hash, std::uint32_t id) {
  auto& ways = buckets[static_cast<std::uint32_t>(hash) & (buckets.size() - 1)].way;
  const auto free = std::find(std::begin(ways), std::end(ways), 0u);
  if (free == std::end(ways)) return false;
  *free = (hash >> 32 << 32) | id;
  return true;
}

bool fill(ServiceIndex& index, const std::vector<sf_service>& services) {
  std::fill(index.buckets.begin(), index.buckets.end(), sf_bucket{});
  for (std::uint32_t id = 1; id < services.size(); ++id) {
    if (services[id].key.port == 0) continue;
    if (!insert(index.buckets, service_hash(index.key, services[id].key), id)) return false;
  }
  return true;
}

}  // namespace

ServiceIndex build_index(const std::vector<sf_service>& services, std::uint32_t buckets,
                         std::string_view seed) {
  ServiceIndex index;
  index.buckets.resize(buckets);
  for (int attempt = 0; attempt < kKeysToTry; ++attempt) {
    index.key = derive_key("index " + std::to_string(attempt), seed)[0];
    if (fill(index, services)) return index;
  }
  bug("no key of a thousand keeps the service index from overflowing");
}

}  // namespace steadfast
