// SPDX-License-Identifier: Apache-2.0
#include "report/finding_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "check/catalogue.h"
#include "check/check.h"
#include "golden.h"

namespace steadfast::report {
namespace {

using nlohmann::json;

Findings sample() {
  Finding error;
  error.code = "SF401";
  error.message = "pool \"messaging\" is empty";
  error.file = "edge fleet.toml";
  error.place = {12, 3};
  error.object = "pool/messaging";
  error.fix = "give the pool backends";
  error.related.push_back({{4, 5}, "service \"messaging\" uses it"});
  Finding gate;
  gate.code = "SF207";
  gate.severity = Severity::gate;
  Finding warn;
  warn.code = "SF411";
  warn.severity = Severity::warn;
  Finding note;
  note.code = "SF313";
  note.severity = Severity::note;
  return {error, gate, warn, note};
}

TEST(FindingJson, IsTheContract) {
  const json answer = json::parse(findings_json(sample()));
  const json expected{
      {"code", "SF401"},
      {"severity", "error"},
      {"message", "pool \"messaging\" is empty"},
      {"file", "edge fleet.toml"},
      {"line", 12},
      {"column", 3},
      {"object", "pool/messaging"},
      {"fix", "give the pool backends"},
      {"related", {{{"line", 4}, {"column", 5}, {"message", "service \"messaging\" uses it"}}}}};
  EXPECT_EQ(answer["findings"][0], expected);
  EXPECT_EQ(answer["errors"], 1);
  EXPECT_EQ(answer["gates"], 1);
  EXPECT_EQ(answer["warnings"], 1);
  EXPECT_EQ(answer.size(), 4u);
}

TEST(FindingJson, HasNoRelatedWithoutAny) {
  EXPECT_FALSE(json::parse(findings_json(sample()))["findings"][1].contains("related"));
}

TEST(FindingJson, IsAnEmptyListWithoutFindings) {
  const json answer = json::parse(findings_json({}));
  EXPECT_TRUE(answer["findings"].is_array());
  EXPECT_TRUE(answer["findings"].empty());
  EXPECT_EQ(answer["errors"], 0);
}

TEST(FindingJson, SurvivesBytesThatAreNotText) {
  Findings findings = sample();
  findings[0].message = "\xff\xfe";
  EXPECT_FALSE(json::parse(findings_json(findings), nullptr, false).is_discarded());
}

TEST(FindingJson, ComesBackAsItWent) {
  const auto back = parse_findings_json(findings_json(sample()));
  ASSERT_TRUE(back.has_value());
  ASSERT_EQ(back->size(), 4u);
  EXPECT_EQ((*back)[0].message, sample()[0].message);
  EXPECT_EQ((*back)[0].place, sample()[0].place);
  EXPECT_EQ((*back)[0].related.at(0).place, (Place{4, 5}));
  EXPECT_EQ((*back)[1].severity, Severity::gate);
}

TEST(FindingJson, RefusesAnswersOfAnotherKind) {
  for (const char* text : {"", "[]", "{}", "{\"findings\":3}", "{\"findings\":[3]}", "{\"findings\":[{}]}",
                           "{\"findings\":[{\"code\":\"SF101\",\"severity\":\"fatal\"}]}"})
    EXPECT_FALSE(parse_findings_json(text).has_value()) << text;
}

TEST(Sarif, NamesEveryRuleAndPointsToIt) {
  const json log = json::parse(findings_sarif(sample()));
  EXPECT_EQ(log["version"], "2.1.0");
  const json& run = log["runs"][0];
  const json& rules = run["tool"]["driver"]["rules"];
  EXPECT_EQ(rules.size(), catalogue().size());
  for (const json& result : run["results"])
    EXPECT_EQ(rules[result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
}

TEST(Sarif, HasItsOwnWordsForSeverities) {
  const json log = json::parse(findings_sarif(sample()));
  const json& results = log["runs"][0]["results"];
  EXPECT_EQ(results[0]["level"], "error");
  EXPECT_EQ(results[1]["level"], "error");
  EXPECT_EQ(results[1]["properties"]["severity"], "gate");
  EXPECT_EQ(results[2]["level"], "warning");
  EXPECT_EQ(results[3]["level"], "note");
}

TEST(Sarif, GivesPlacesAsRegionsOfAUri) {
  const json log = json::parse(findings_sarif(sample()));
  const json& results = log["runs"][0]["results"];
  const json& place = results[0]["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "edge%20fleet.toml");
  EXPECT_EQ(place["region"], (json{{"startLine", 12}, {"startColumn", 3}}));
  EXPECT_FALSE(results[1]["locations"][0]["physicalLocation"].contains("region"));
  EXPECT_EQ(results[0]["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 4);
}

}  // namespace
}  // namespace steadfast::report
