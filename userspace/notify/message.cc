// SPDX-License-Identifier: Apache-2.0
#include "notify/message.h"

#include <cctype>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/date.h"
#include "control/api.h"

namespace steadfast::notify {
namespace {

using Json = nlohmann::ordered_json;
using detect::Alarm;

constexpr std::string_view kService = "service/";

std::string dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string time(double unix_s) { return rfc3339(static_cast<std::int64_t>(unix_s)); }

const detect::Suspect* culprit(const Alarm& alarm) {
  return alarm.suspects.empty() ? nullptr : &alarm.suspects.front();
}

// An Alertmanager takes a label without a value for one that is not there.
void set(Json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}

Json labels(const Alarm& alarm, const std::string& instance) {
  Json labels = Json::object();
  set(labels, "alertname", alert_name(alarm));
  set(labels, "severity", alarm.severity == detect::Severity::page ? "page" : "warn");
  if (alarm.object.starts_with(kService)) set(labels, "service", alarm.object.substr(kService.size()));
  set(labels, "verdict", alarm.verdict);
  set(labels, "object", alarm.object);
  if (const auto* suspect = culprit(alarm); suspect != nullptr && suspect->generation != 0)
    set(labels, "generation", std::to_string(suspect->generation));
  set(labels, "instance", instance);
  return labels;
}

std::string evidence(const Alarm& alarm) {
  std::string text;
  for (const detect::Suspect& suspect : alarm.suspects) {
    text += (text.empty() ? "" : "; ") + suspect.object;
    if (!suspect.file.empty()) text += " (" + suspect.file + ":" + std::to_string(suspect.place.line) + ")";
    if (!suspect.evidence.empty()) text += ": " + suspect.evidence;
  }
  return text;
}

Json annotations(const Alarm& alarm) {
  Json annotations = Json::object();
  set(annotations, "summary", alarm.sentence);
  set(annotations, "description", evidence(alarm));
  if (const auto* suspect = culprit(alarm)) set(annotations, "command", suspect->command);
  return annotations;
}

}  // namespace

std::string alert_name(const Alarm& alarm) {
  std::string name = "Steadfast";
  bool begins_word = true;
  for (const char c : alarm.verdict.empty() ? alarm.detector : alarm.verdict) {
    const bool letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (letter) name += begins_word ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    begins_word = !letter;
  }
  return name;
}

std::string alertmanager_body(const std::vector<Message>& messages, const std::string& instance) {
  Json body = Json::array();
  for (const Message& message : messages) {
    Json& alert = body.emplace_back();
    alert["labels"] = labels(message.alarm, instance);
    alert["annotations"] = annotations(message.alarm);
    alert["startsAt"] = time(message.alarm.since_s);
    if (message.ended_s) alert["endsAt"] = time(*message.ended_s);
  }
  return dump(body);
}

std::string webhook_body(const Message& message, const std::string& instance) {
  Json body;
  body["status"] = message.ended_s ? "resolved" : "firing";
  body["instance"] = instance;
  if (message.ended_s) body["ended_s"] = *message.ended_s;
  body["alarm"] = Json::parse(api::encode(message.alarm));
  return dump(body);
}

}  // namespace steadfast::notify
