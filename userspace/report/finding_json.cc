// SPDX-License-Identifier: Apache-2.0
#include "report/finding_json.h"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

namespace steadfast::report {
namespace {

// Keys stay in the order the contract names them.
using Json = nlohmann::ordered_json;

Json related_json(const Related& related) {
  return {{"line", related.place.line}, {"column", related.place.column}, {"message", related.message}};
}

Json finding_json(const Finding& finding) {
  Json json{{"code", finding.code},       {"severity", name(finding.severity)},
            {"message", finding.message}, {"file", finding.file},
            {"line", finding.place.line}, {"column", finding.place.column},
            {"object", finding.object},   {"fix", finding.fix}};
  if (finding.related.empty()) return json;
  json["related"] = Json::array();
  for (const Related& related : finding.related) json["related"].push_back(related_json(related));
  return json;
}

std::optional<Severity> severity_of(std::string_view word) {
  for (const Severity severity : {Severity::error, Severity::gate, Severity::warn, Severity::note})
    if (name(severity) == word) return severity;
  return std::nullopt;
}

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint32_t number_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_unsigned() ? found->get<std::uint32_t>() : 0;
}

Place place_of(const Json& json) { return {number_of(json, "line"), number_of(json, "column")}; }

std::optional<Finding> read_finding(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  const auto severity = severity_of(text_of(json, "severity"));
  if (!severity || text_of(json, "code").empty()) return std::nullopt;
  Finding finding{text_of(json, "code"),    *severity,
                  text_of(json, "message"), text_of(json, "file"),
                  place_of(json),           text_of(json, "object"),
                  text_of(json, "fix"),     {}};
  const auto related = json.find("related");
  if (related == json.end() || !related->is_array()) return finding;
  for (const Json& other : *related)
    if (other.is_object()) finding.related.push_back({place_of(other), text_of(other, "message")});
  return finding;
}

}  // namespace

// Bytes of a broken file may stand in a message: they are replaced, not refused.
std::string findings_json(const Findings& findings) {
  const Tally sum = tally(findings);
  Json list = Json::array();
  for (const Finding& finding : findings) list.push_back(finding_json(finding));
  const Json json{{"findings", std::move(list)},
                  {"errors", sum.errors},
                  {"gates", sum.gates},
                  {"warnings", sum.warnings}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

Result<Findings> parse_findings_json(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  const bool is_object = !json.is_discarded() && json.is_object();
  if (!is_object || !json.contains("findings") || !json["findings"].is_array())
    return Error{"the answer holds no list of findings"};
  Findings findings;
  for (const Json& item : json["findings"]) {
    auto finding = read_finding(item);
    if (!finding) return Error{"the answer holds a finding without code or severity"};
    findings.push_back(std::move(*finding));
  }
  return findings;
}

}  // namespace steadfast::report
