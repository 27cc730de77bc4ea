// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/given.h"

#include <algorithm>
#include <string_view>

#include "config/suggest.h"
#include "config/table_reader.h"

namespace steadfast::rehearsal {
namespace {

// A label's value may hold any character, so the entry is compared, never taken apart.
bool names(const std::string& entry, const Pool& pool, const Backend& backend) {
  if (entry == backend.name || entry == pool.name + "/" + backend.name) return true;
  return std::any_of(backend.labels.begin(), backend.labels.end(),
                     [&](const auto& label) { return entry == label.first + "=" + label.second; });
}

bool disable(Model& model, const std::string& entry) {
  bool matched = false;
  for (Pool& pool : model.pools)
    for (Backend& backend : pool.backends) {
      if (!names(entry, pool, backend)) continue;
      backend.state = BackendState::disabled;
      matched = true;
    }
  return matched;
}

Mismatch unmatched_entry(const Model& model, const std::string& entry) {
  std::vector<std::string> words;
  for (const Pool& pool : model.pools)
    for (const Backend& backend : pool.backends) {
      words.push_back(backend.name);
      for (const auto& [key, value] : backend.labels) words.push_back(key + "=" + value);
    }
  const std::vector<std::string_view> known(words.begin(), words.end());
  return {"given.down", "a backend, \"pool/name\" or \"label=value\" of the configuration",
          "nothing that is called " + config::in_quotes(entry) + did_you_mean(nearest(entry, known))};
}

}  // namespace

Model with_down(const Model& model, const std::vector<config::Text>& down, std::vector<Mismatch>& unmatched) {
  Model changed = model;
  for (const config::Text& entry : down)
    if (!disable(changed, *entry)) unmatched.push_back(unmatched_entry(model, *entry));
  return changed;
}

}  // namespace steadfast::rehearsal
