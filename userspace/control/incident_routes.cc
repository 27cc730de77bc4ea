// SPDX-License-Identifier: Apache-2.0
#include "control/incident_routes.h"

#include <charconv>

#include "control/api.h"

namespace steadfast {
namespace {

constexpr int kBadRequest = 400, kNotFound = 404;

}  // namespace

Reply answer_alerts(Balancer& balancer, const std::string&) {
  return {200, api::encode(api::Alerts{balancer.alarms()})};
}

Reply answer_incidents(Balancer& balancer, const std::string&) {
  return {200, api::encode(balancer.incidents())};
}

Reply answer_incident(Balancer& balancer, const std::string& number) {
  std::uint64_t wanted = 0;
  const auto [end, wrong] = std::from_chars(number.data(), number.data() + number.size(), wanted);
  if (wrong != std::errc() || end != number.data() + number.size())
    return failure(kBadRequest, "number: expected the number of an incident");
  const auto record = balancer.incident(wanted);
  return record ? Reply{200, api::encode(*record)} : failure(kNotFound, record.error().what);
}

}  // namespace steadfast
