// SPDX-License-Identifier: Apache-2.0
#include "check/context.h"

#include <algorithm>
#include <cstdio>

#include "bpf/abi.h"
#include "compile/ring.h"

namespace steadfast {

Context::Context(const Model& model, const Gaps& gaps)
    : model_(model),
      gaps_(gaps),
      users_(model.pools.size()),
      serving_(model.pools.size()),
      active_(model.pools.size()),
      entries_(model.pools.size()) {
  for (std::size_t i = 0; i < model.services.size(); ++i) {
    const Service& service = model.services[i];
    users_[service.pool].push_back(i);
    if (service.state == ServiceState::active) serving_[service.pool] = true;
  }
  for (std::size_t i = 0; i < model.pools.size(); ++i) {
    const auto& backends = model.pools[i].backends;
    active_[i] = static_cast<std::size_t>(std::count_if(
        backends.begin(), backends.end(), [](const Backend& backend) { return backend.takes_new_flows(); }));
  }
}

const std::vector<std::uint32_t>& Context::entries(std::size_t pool) const {
  if (!entries_[pool]) {
    const std::size_t members = model_.pools[pool].backends.size();
    const bool fits = members <= SF_BACKEND_ID_MAX;  // more is SF602
    entries_[pool] = fits ? exact_entries(model_.pools[pool]) : std::vector<std::uint32_t>{};
  }
  return *entries_[pool];
}

std::string percent(double share) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.2f", share * 100);
  std::string text(digits);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text + "%";
}

std::string counted(std::size_t number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

}  // namespace steadfast
