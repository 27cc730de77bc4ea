// SPDX-License-Identifier: Apache-2.0
// What is wrong now and what was: GET /api/v1/alerts, /api/v1/incidents, /api/v1/incident.
#pragma once

#include "control/routes.h"

namespace steadfast {

Reply answer_alerts(Balancer& balancer, const std::string& input);
Reply answer_incidents(Balancer& balancer, const std::string& input);
Reply answer_incident(Balancer& balancer, const std::string& number);

}  // namespace steadfast
