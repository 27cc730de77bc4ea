// SPDX-License-Identifier: Apache-2.0
// Every rule explains itself by two files; here the files prove it right.
#include "check/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "check/audit_rules.h"
#include "check/change.h"
#include "check/check.h"
#include "doctor/backend_rules.h"
#include "doctor/rules.h"
#include "report/finding_text.h"

namespace steadfast {
namespace {

class EveryRule : public testing::TestWithParam<const Rule*> {};
class EveryExample : public testing::TestWithParam<const Rule*> {};

bool has_example(const Rule& rule) { return !rule.bad.empty() && !rule.good.empty(); }

constexpr Date kToday{2026, 11, 22};

// Every service of either file carries a thousand packets a second.
Traffic busy(const Model& before, const Model& after) {
  Traffic traffic{true, {}};
  for (const Model* model : {&before, &after})
    for (const Service& service : model->services)
      traffic.services[service.endpoint()] = {1000, 10, 900'000, 1000, 10};
  return traffic;
}

// What a file raises; of a rule about changes, what applying it onto `before` raises.
Checked judge(const Rule& rule, std::string_view text, const std::string& file) {
  Checked checked = check(std::string(text), file, kToday);
  if (rule.before.empty() || !checked.model) return checked;
  const Checked before = check(std::string(rule.before), "before.toml", kToday);
  EXPECT_TRUE(before.model.has_value());
  ChangeFacts facts;
  facts.traffic = busy(*before.model, *checked.model);
  const Plan plan = make_plan({&*before.model, nullptr}, {&*checked.model, nullptr}, facts.traffic);
  check_change(&*before.model, *checked.model, plan, facts, checked.findings);
  return checked;
}

std::vector<const Rule*> rules_with_examples() {
  std::vector<const Rule*> rules;
  for (const Rule* rule : catalogue())
    if (has_example(*rule)) rules.push_back(rule);
  return rules;
}

// What is removed has no place in the file that leaves it out.
bool is_about_what_goes(const Rule& rule) { return rule.code == "SF502" || rule.code == "SF507"; }

TEST_P(EveryExample, IsRaisedByItsBadExample) {
  const Rule& rule = *GetParam();
  const Checked checked = judge(rule, rule.bad, "bad.toml");
  const auto raised = std::find_if(checked.findings.begin(), checked.findings.end(),
                                   [&](const Finding& finding) { return finding.code == rule.code; });
  ASSERT_NE(raised, checked.findings.end()) << report::render_findings(checked.findings, rule.bad, false);
  EXPECT_EQ(raised->severity, rule.severity);
  EXPECT_TRUE(raised->place || is_about_what_goes(rule));
  EXPECT_FALSE(raised->object.empty());
  EXPECT_EQ(raised->file, "bad.toml");
}

TEST_P(EveryExample, IsTheOnlyErrorOrGateOfItsBadExample) {
  const Rule& rule = *GetParam();
  for (const Finding& finding : judge(rule, rule.bad, "bad.toml").findings) {
    const bool refuses = finding.severity == Severity::error || finding.severity == Severity::gate;
    // Whoever removes a service with users drops their traffic too.
    const bool follows = rule.code == "SF502" && finding.code == "SF504";
    EXPECT_TRUE(!refuses || follows || finding.code == rule.code) << finding.code << ": " << finding.message;
  }
}

TEST_P(EveryExample, IsSilentAboutItsGoodExample) {
  const Rule& rule = *GetParam();
  const Checked checked = judge(rule, rule.good, "good.toml");
  EXPECT_TRUE(checked.model.has_value());
  for (const Finding& finding : checked.findings) {
    EXPECT_NE(finding.code, rule.code) << finding.message;
    EXPECT_TRUE(finding.severity == Severity::warn || finding.severity == Severity::note)
        << finding.code << ": " << finding.message;
  }
}

TEST_P(EveryRule, SaysWhatHappensAndWhatToDo) {
  const Rule& rule = *GetParam();
  EXPECT_FALSE(rule.title.empty());
  EXPECT_FALSE(rule.consequence.empty());
  EXPECT_FALSE(rule.fix.empty());
  EXPECT_NE(rule.title.back(), '.');
}

std::string code_of(const testing::TestParamInfo<const Rule*>& info) { return std::string(info.param->code); }

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryExample, testing::ValuesIn(rules_with_examples()), code_of);
INSTANTIATE_TEST_SUITE_P(Catalogue, EveryRule, testing::ValuesIn(catalogue().begin(), catalogue().end()),
                         code_of);

TEST(Catalogue, IsInTheOrderOfCodesWithoutRepetition) {
  const auto rules = catalogue();
  ASSERT_FALSE(rules.empty());
  for (std::size_t i = 1; i < rules.size(); ++i) EXPECT_LT(rules[i - 1]->code, rules[i]->code);
}

// Of a host, a backend or what runs, which no file breaks.
std::set<std::string_view> of_the_world() {
  std::set<std::string_view> codes;
#define X(check) codes.insert(rules::check.rule.code);
  SF_HOST_CHECKS(X)
#undef X
#define X(rule) codes.insert(rules::rule.code);
  SF_BACKEND_RULES(X)
  SF_AUDIT_RULES(X)
#undef X
  return codes;
}

TEST(Catalogue, HasExamplesForAllRulesButThoseNoShortFileBreaks) {
  const auto world = of_the_world();
  std::set<std::string_view> without;
  for (const Rule* rule : catalogue())
    if (!has_example(*rule) && !world.contains(rule->code)) without.insert(rule->code);
  EXPECT_EQ(without, (std::set<std::string_view>{"SF505", "SF506", "SF512", "SF513", "SF514", "SF604",
                                                 "SF605", "SF607", "SF912"}));
}

TEST(Catalogue, FindsARuleByItsCodeOnly) {
  ASSERT_NE(find_rule("SF201"), nullptr);
  EXPECT_EQ(find_rule("SF201")->code, "SF201");
  EXPECT_EQ(find_rule("SF000"), nullptr);
  EXPECT_EQ(find_rule(""), nullptr);
}

}  // namespace
}  // namespace steadfast
