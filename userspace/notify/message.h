// SPDX-License-Identifier: Apache-2.0
// Message: what is sent about one alarm, while it stands and once more when it is over.
// An alarm is sent as it was when it began: a receiver knows it again by its labels.
//
// Must not enter: when it is sent (outbox.h), how (receiver.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "detect/alarm.h"

namespace steadfast::notify {

struct Message {
  detect::Alarm alarm;
  std::optional<double> ended_s = {};  // Unix time; none: it stands
};

// The body of POST /api/v2/alerts of an Alertmanager. `instance`: this balancer.
std::string alertmanager_body(const std::vector<Message>& messages, const std::string& instance);

// One alarm for a webhook.
std::string webhook_body(const Message& message, const std::string& instance);

// "SteadfastNoBackend".
std::string alert_name(const detect::Alarm& alarm);

}  // namespace steadfast::notify
