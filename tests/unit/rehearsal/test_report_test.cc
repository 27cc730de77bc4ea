// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "report/test_json.h"
#include "report/test_text.h"

namespace steadfast::report {
namespace {

using Json = nlohmann::json;
using rehearsal::Fate;

Rehearsed sample() {
  Rehearsed rehearsed;
  rehearsed.findings.push_back(
      {"SF912", Severity::note, "no test", "edge.toml", {3, 1}, "service/x", "", {}});
  rehearsed.tests.results.push_back(
      {"fine", "a.test.toml", {1, 1}, "tcp 203.0.113.7:* > 192.0.2.10:443 syn", "web", {}, 0.5});
  rehearsed.tests.results.push_back({"too <much> & \x01", "b.test.toml", {5, 1}, "udp", "", {}, 1.5});
  rehearsed.tests.results.back().mismatches = {{"max_share", "at most 12%", "30.1% (backend/web/web-03)"},
                                               {"verdict", "forwarded", "too_big"}};
  rehearsed.coverage = {2, 1};
  return rehearsed;
}

TEST(TestJson, HoldsTheContract) {
  const Json json = Json::parse(tests_json(sample()));
  EXPECT_EQ(json["findings"].size(), 1u);
  EXPECT_EQ(json["errors"], 0);
  EXPECT_EQ(json["gates"], 0);
  EXPECT_EQ(json["warnings"], 0);
  EXPECT_EQ(json["passed"], 1);
  EXPECT_EQ(json["failed"], 1);
  EXPECT_EQ(json["coverage"], (Json{{"services", 2}, {"tested", 1}}));
  EXPECT_FALSE(json.contains("mutation"));
  const Json& failed = json["tests"][1];
  EXPECT_EQ(failed["passed"], false);
  EXPECT_EQ(failed["line"], 5);
  EXPECT_EQ(failed["column"], 1);
  EXPECT_EQ(failed["file"], "b.test.toml");
  EXPECT_EQ(
      failed["mismatches"][0],
      (Json{{"what", "max_share"}, {"expected", "at most 12%"}, {"got", "30.1% (backend/web/web-03)"}}));
  EXPECT_EQ(json["tests"][0]["took_ms"], 0.5);
  EXPECT_EQ(json["tests"][0]["service"], "web");
}

TEST(TestJson, TellsTheMutantsThatGotThrough) {
  Rehearsed rehearsed = sample();
  rehearsed.mutation.emplace();
  rehearsed.mutation->mutants = {{"weight ×10", "backend/web/web-01", "weight 1 → 10", Fate::survived, ""},
                                 {"pool emptied", "pool/web", "all", Fate::rule, "SF401"}};
  const Json mutation = Json::parse(tests_json(rehearsed))["mutation"];
  EXPECT_EQ(mutation["score"], 0.5);
  EXPECT_EQ(mutation["mutants"], 2);
  EXPECT_EQ(mutation["caught_by_rules"], 1);
  ASSERT_EQ(mutation["uncaught"].size(), 1u);
  EXPECT_EQ(mutation["uncaught"][0]["change"], "weight 1 → 10");
}

TEST(Junit, IsXmlWithOneSuitePerFile) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(tests_junit(sample().tests).c_str()));
  const auto root = document.child("testsuites");
  EXPECT_EQ(root.attribute("tests").as_int(), 2);
  EXPECT_EQ(root.attribute("failures").as_int(), 1);
  const auto second = root.child("testsuite").next_sibling("testsuite");
  EXPECT_STREQ(second.attribute("name").value(), "b.test.toml");
  EXPECT_EQ(second.attribute("failures").as_int(), 1);
  const auto test = second.child("testcase");
  EXPECT_STREQ(test.attribute("name").value(), "too <much> & ?");
  EXPECT_STREQ(test.attribute("line").value(), "5");
  EXPECT_STREQ(test.child("failure").attribute("message").value(),
               "max_share: expected at most 12%, got 30.1% (backend/web/web-03)");
  EXPECT_NE(std::string(test.child("failure").text().get()).find("verdict: expected forwarded"),
            std::string::npos);
  EXPECT_FALSE(root.child("testsuite").child("testcase").child("failure"));
}

TEST(TestSummary, CountsWhatMatters) {
  EXPECT_EQ(test_summary(sample()), "1 of 2 tests failed; 1 of 2 services tested");
  Rehearsed fine = sample();
  fine.tests.results.pop_back();
  EXPECT_EQ(test_summary(fine), "1 test passed; 1 of 2 services tested");
}

}  // namespace
}  // namespace steadfast::report
