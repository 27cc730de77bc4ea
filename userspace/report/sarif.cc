// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0 (OASIS): what code review and editors read.
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "check/catalogue.h"
#include "report/finding_json.h"
#include "report/version.h"

namespace steadfast::report {
namespace {

using Json = nlohmann::ordered_json;

// SARIF has no gates: a refusal is an error there, and the property says more.
const char* level_of(Severity severity) {
  switch (severity) {
    case Severity::error:
    case Severity::gate:
      return "error";
    case Severity::warn:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "none";
}

// A path as a URI reference (RFC 3986).
std::string uri_of(const std::string& path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~/abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::string uri;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return uri;
}

Json text(std::string_view words) { return {{"text", words}}; }

Json rule_json(const Rule& rule) {
  return {{"id", rule.code},
          {"shortDescription", text(rule.title)},
          {"fullDescription", text(rule.consequence)},
          {"help", text(rule.fix)},
          {"defaultConfiguration", {{"level", level_of(rule.severity)}}},
          {"properties", {{"severity", name(rule.severity)}}}};
}

Json physical(const std::string& file, Place place) {
  Json location{{"artifactLocation", {{"uri", uri_of(file)}}}};
  if (place) location["region"] = {{"startLine", place.line}, {"startColumn", place.column}};
  return location;
}

Json related_json(const std::string& file, const Related& related) {
  return {{"message", text(related.message)}, {"physicalLocation", physical(file, related.place)}};
}

Json result_json(const Finding& finding, const std::map<std::string_view, std::size_t>& rules) {
  Json location{{"physicalLocation", physical(finding.file, finding.place)},
                {"logicalLocations", Json::array({{{"fullyQualifiedName", finding.object}}})}};
  Json result{{"ruleId", finding.code},
              {"level", level_of(finding.severity)},
              {"message", text(finding.message + (finding.fix.empty() ? "" : ". Fix: " + finding.fix))},
              {"locations", Json::array({std::move(location)})},
              {"properties", {{"severity", name(finding.severity)}}}};
  const auto rule = rules.find(finding.code);
  if (rule != rules.end()) result["ruleIndex"] = rule->second;
  for (const Related& related : finding.related)
    result["relatedLocations"].push_back(related_json(finding.file, related));
  return result;
}

}  // namespace

std::string findings_sarif(const Findings& findings) {
  Json rules = Json::array();
  std::map<std::string_view, std::size_t> index;
  for (const Rule* rule : catalogue()) {
    index.emplace(rule->code, rules.size());
    rules.push_back(rule_json(*rule));
  }
  Json results = Json::array();
  for (const Finding& finding : findings) results.push_back(result_json(finding, index));
  const Json driver{{"name", "steadfast"}, {"semanticVersion", version()}, {"rules", std::move(rules)}};
  const Json run{
      {"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results)}};
  const Json json{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                  {"version", "2.1.0"},
                  {"runs", Json::array({run})}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace steadfast::report
