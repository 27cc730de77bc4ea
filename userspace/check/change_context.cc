// SPDX-License-Identifier: Apache-2.0
#include "check/change_context.h"

#include <cmath>
#include <cstdio>

namespace steadfast {
namespace {

Pairing pair_or_none(const Model* before, const Model& after, Pairing (*pair)(const Model&, const Model&)) {
  return pair(before != nullptr ? *before : Model{}, after);
}

}  // namespace

ChangeContext::ChangeContext(const Model* before, const Model& after, const Plan& plan,
                             const ChangeFacts& facts)
    : before_(before),
      after_(after),
      plan_(plan),
      facts_(facts),
      services_(pair_or_none(before, after, pair_services)),
      pools_(pair_or_none(before, after, pair_pools)) {
  for (const ServiceMovement& service : plan.services) packets_per_s_ += service.packets_per_s;
}

bool ChangeContext::is_live(const std::string& endpoint) const {
  if (!traffic().known) return true;
  const ServiceTraffic carried = traffic().of(endpoint);
  return carried.packets_per_s > 0 || carried.packets_lately > 0;
}

std::string ChangeContext::carried(const std::string& endpoint) const {
  if (!traffic().known) return "nobody counted its packets, so it passes for a live one";
  const ServiceTraffic seen = traffic().of(endpoint);
  return "it carries " + quantity(seen.packets_per_s) + " packets/s, " +
         quantity(static_cast<double>(seen.packets_lately)) + " packets in the last 15 minutes";
}

std::string ChangeContext::carried(const ServiceMovement& service) const {
  const std::string now = carried(service.counted());
  return service.donor.empty() ? now : "service \"" + service.donor + "\" has its packets now: " + now;
}

double ChangeContext::share_of_host(const ServiceMovement& service) const {
  return packets_per_s_ > 0 ? service.packets_per_s / packets_per_s_ : 0;
}

std::string running_line(Place place) {
  return place ? " (line " + std::to_string(place.line) + " of the running file)" : "";
}

std::string quantity(double value) {
  char digits[64];
  std::snprintf(digits, sizeof digits, value < 10 && value != std::floor(value) ? "%.1f" : "%.0f", value);
  std::string text(digits);
  if (text.find('.') != text.npos) return text;
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

}  // namespace steadfast
