// SPDX-License-Identifier: Apache-2.0
#include "keeper/server_names.h"

#include <algorithm>

namespace steadfast {
namespace {

constexpr std::size_t kFewest = 3;

}  // namespace

void ServerNames::note(const std::string& pool, const std::string& backend, const std::string& identity) {
  if (!identity.empty()) pools_[pool][backend] = identity;
}

void ServerNames::adopt(const Model& model) {
  decltype(pools_) kept;
  for (const Pool& pool : model.pools) {
    const auto known = pools_.find(pool.name);
    if (known == pools_.end()) continue;
    for (const Backend& backend : pool.backends)
      if (const auto one = known->second.find(backend.name); one != known->second.end())
        kept[pool.name].insert(*one);
  }
  pools_ = std::move(kept);
}

std::string ServerNames::difference(const std::string& pool, const std::string& backend) const {
  const auto known = pools_.find(pool);
  if (known == pools_.end() || known->second.size() < kFewest) return {};
  const auto own = known->second.find(backend);
  if (own == known->second.end()) return {};
  std::map<std::string, std::size_t> counts;
  for (const auto& [name, identity] : known->second) ++counts[identity];
  const auto most = std::max_element(counts.begin(), counts.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  if (2 * most->second <= known->second.size() || most->first == own->second) return {};
  return "answers as " + own->second + ", " + std::to_string(most->second) + " of " +
         std::to_string(known->second.size()) + " in its pool as " + most->first;
}

}  // namespace steadfast
