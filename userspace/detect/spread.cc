// SPDX-License-Identifier: Apache-2.0
#include "detect/spread.h"

#include <cmath>

#include "detect/shares.h"

namespace steadfast::detect {
namespace {

constexpr unsigned kWindowsInARow = 2;

std::string percent_text(double share) { return std::to_string(std::lround(share * 100)) + " %"; }

}  // namespace

void Spread::begin_anew() {
  counted_.clear();
  seen_.clear();
}

void Spread::look_at(const SceneService& service, const std::string& endpoint, const Second& second,
                     const Scene& scene) {
  std::vector<ShareSeen> pool;
  pool.reserve(service.backends);
  for (std::size_t i = 0; i < service.backends; ++i) {
    const std::size_t row = service.first_backend + i;
    if (second.new_flows[row] < counted_[row]) return;
    pool.push_back({second.new_flows[row] - counted_[row], scene.backends[row].ring_share});
  }
  const auto found = deviation(pool);
  if (!found || found->score < kUnlikelyScore) {
    seen_.erase(endpoint);
    return;
  }
  Seen& seen = seen_[endpoint];
  seen.windows = seen.windows != 0 && seen.worst == found->worst ? seen.windows + 1 : 1;
  seen.worst = found->worst;
  const SceneBackend& backend = scene.backends[service.first_backend + found->worst];
  seen.sign = {"T4",
               Severity::warn,
               backend.object,
               endpoint,
               "share",
               found->seen_share,
               began_s_,
               "it gets " + percent_text(found->seen_share) + " of the new flows of " + service.object +
                   ", its ring gives it " + percent_text(backend.ring_share)};
}

// An alarm stands through the window in which the next one is counted.
std::vector<Sign> Spread::take(const Second& second, const Scene& scene) {
  if (!second.new_flows.empty()) {
    if (counted_.size() == second.new_flows.size())
      for (const auto& [endpoint, service] : scene.services)
        if (service.is_spread) look_at(service, endpoint, second, scene);
    counted_ = second.new_flows;
    began_s_ = second.now_s;
  }
  std::vector<Sign> signs;
  for (const auto& [endpoint, seen] : seen_)
    if (seen.windows >= kWindowsInARow) signs.push_back(seen.sign);
  return signs;
}

}  // namespace steadfast::detect
