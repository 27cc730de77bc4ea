// SPDX-License-Identifier: Apache-2.0
#include "detect/processors.h"

#include <algorithm>
#include <cmath>

namespace steadfast::detect {
namespace {

constexpr double kFewestDropped = 20;
// A client's packets all come to one CPU, so that drops come in clumps: far more than chance.
constexpr double kLeastScore = 6, kLeastExcess = 0.5;

bool went_back(const std::vector<CpuCounts>& before, const std::vector<CpuCounts>& now) {
  for (std::size_t cpu = 0; cpu < now.size(); ++cpu)
    if (now[cpu].packets < before[cpu].packets || now[cpu].configuration < before[cpu].configuration ||
        now[cpu].sender < before[cpu].sender)
      return true;
  return false;
}

double later(double recent, std::uint64_t before, std::uint64_t now) {
  return recent * kRecent + static_cast<double>(now - before);
}

}  // namespace

void Processors::take(Watched& service, const std::vector<CpuCounts>& now) {
  if (service.counted.size() != now.size() || went_back(service.counted, now))
    service = {now, std::vector<Recent>(now.size())};
  for (std::size_t cpu = 0; cpu < now.size(); ++cpu) {
    const CpuCounts& before = service.counted[cpu];
    Recent& recent = service.recent[cpu];
    recent.packets = later(recent.packets, before.packets, now[cpu].packets);
    recent.configuration = later(recent.configuration, before.configuration, now[cpu].configuration);
    recent.sender = later(recent.sender, before.sender, now[cpu].sender);
  }
  service.counted = now;
}

void Processors::take(const CpuCountsOf& services) {
  std::erase_if(services_, [&](const auto& one) { return !services.contains(one.first); });
  for (const auto& [endpoint, counts] : services) take(services_[endpoint], counts);
}

std::optional<Processors::Excess> Processors::excess(const std::string& endpoint, Cause cause) const {
  const auto found = services_.find(endpoint);
  if (found == services_.end() || found->second.recent.size() < 2) return std::nullopt;
  const auto& recent = found->second.recent;
  double packets = 0, dropped = 0;
  for (const Recent& cpu : recent) packets += cpu.packets, dropped += cpu.dropped(cause);
  if (dropped < kFewestDropped) return std::nullopt;
  const auto most = std::max_element(recent.begin(), recent.end(), [&](const Recent& a, const Recent& b) {
    return a.dropped(cause) - dropped * a.packets / packets <
           b.dropped(cause) - dropped * b.packets / packets;
  });
  const double share = most->packets / packets, expected = dropped * share;
  const double beyond = most->dropped(cause) - expected;
  if (beyond < kLeastScore * std::sqrt(std::max(expected, 1.0)) || beyond < kLeastExcess * dropped)
    return std::nullopt;
  return Excess{static_cast<std::size_t>(most - recent.begin()), most->dropped(cause) / dropped, share};
}

}  // namespace steadfast::detect
