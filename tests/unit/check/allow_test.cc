// SPDX-License-Identifier: Apache-2.0
#include "check/allow.h"

#include <gtest/gtest.h>

#include "check/check.h"
#include "files.h"

namespace steadfast {
namespace {

constexpr Date kToday{2026, 11, 22};
const std::string kNoFloor = kHealth;  // a pool without min_healthy: SF410
const std::string kGoodEnd = " reason=\"being rebuilt\" until=2026-11-22";

Findings judge(const std::string& text) { return check(text, "edge.toml", kToday).findings; }

std::string file(const std::string& above_pool, const std::string& behind_header = "") {
  return head() + service("web", "web") + above_pool + "[[pool]]" + behind_header + "\nname = \"web\"\n" +
         kNoFloor + backends(4);
}

Finding the(const std::string& code, const Findings& findings) {
  for (const Finding& finding : findings)
    if (finding.code == code) return finding;
  ADD_FAILURE() << "no " << code;
  return {};
}

bool has(const std::string& code, const Findings& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return finding.code == code; });
}

TEST(Allow, TurnsAFindingIntoANoteThatSaysUntilWhenAndWhy) {
  const Finding finding = the("SF410", judge(file("# steadfast:allow SF410" + kGoodEnd + "\n")));
  EXPECT_EQ(finding.severity, Severity::note);
  EXPECT_NE(finding.message.find("2026-11-22"), std::string::npos);
  EXPECT_NE(finding.message.find("being rebuilt"), std::string::npos);
}

TEST(Allow, StandsOnTheLineOrAnywhereInTheCommentAbove) {
  const std::string allow = "# steadfast:allow SF410" + kGoodEnd;
  EXPECT_EQ(the("SF410", judge(file("", "  " + allow))).severity, Severity::note);
  EXPECT_EQ(the("SF410", judge(file(allow + "\n# and more words\n"))).severity, Severity::note);
  EXPECT_EQ(the("SF410", judge(file("# steadfast:allow SF410 until=2027-01-01 reason=\"x\"\n"))).severity,
            Severity::note);
}

TEST(Allow, StandsOnAnyLineOfTheObject) {
  std::string text = file("");
  const std::string line = "[[pool]]\nname = \"web\"";
  text.insert(text.find(line) + line.size(), "  # steadfast:allow SF410" + kGoodEnd);
  EXPECT_EQ(the("SF410", judge(text)).severity, Severity::note);
}

TEST(Allow, LetsAGatePass) {
  const std::string far = backend("far", "10.9.9.9");
  const std::string text = head() + service("web", "web") + pool("web") + backends(8);
  EXPECT_EQ(tally(judge(text + far)).gates, 1u);
  const Findings allowed = judge(text + "# steadfast:allow SF207" + kGoodEnd + "\n" + far);
  EXPECT_EQ(tally(allowed).gates, 0u);
  EXPECT_EQ(tally(allowed).notes, 1u);
}

TEST(Allow, SpeaksOfItsObjectAndItsCodeOnly) {
  const std::string two = head() + service("web", "web") + service("api", "api", "192.0.2.11") +
                          "# steadfast:allow SF410" + kGoodEnd + "\n[[pool]]\nname = \"web\"\n" + kHealth +
                          backends(4) + "[[pool]]\nname = \"api\"\n" + kHealth + backends(4, "10.0.3.");
  unsigned warnings = 0, notes = 0;
  for (const Finding& finding : judge(two)) {
    if (finding.code != "SF410") continue;
    ++(finding.severity == Severity::warn ? warnings : notes);
    EXPECT_EQ(finding.severity == Severity::note, finding.object == "pool/web");
  }
  EXPECT_EQ(warnings, 1u);
  EXPECT_EQ(notes, 1u);
  EXPECT_EQ(the("SF410", judge(file("# steadfast:allow SF411" + kGoodEnd + "\n"))).severity, Severity::warn);
}

TEST(Allow, SpeaksOfOneLineOfAList) {
  const auto item = [](const std::string& name, const std::string& address) {
    return "  { name = \"" + name + "\", address = \"" + address + "\", weight = 100 },";
  };
  std::string list = "backend = [\n";
  for (int i = 1; i <= 8; ++i) list += item("b" + std::to_string(i), "10.0.2." + std::to_string(i)) + "\n";
  const std::string start = head() + service("web", "web") + pool("web") + list;
  const std::string allow = "# steadfast:allow SF207" + kGoodEnd;
  EXPECT_EQ(the("SF207", judge(start + item("far", "10.9.9.9") + "\n]\n")).severity, Severity::gate);
  EXPECT_EQ(the("SF207", judge(start + item("far", "10.9.9.9") + " " + allow + "\n]\n")).severity,
            Severity::note);
  EXPECT_EQ(the("SF207", judge(start + "  " + allow + "\n" + item("far", "10.9.9.9") + "\n]\n")).severity,
            Severity::note);
  EXPECT_EQ(the("SF207", judge(start + allow + "\n" + item("b9", "10.0.2.9") + "\n" +
                               item("far", "10.9.9.9") + "\n]\n"))
                .severity,
            Severity::gate);
}

TEST(Allow, InsideAListDoesNotSpeakOfTheObjectAroundIt) {
  const std::string list =
      "backend = [\n  { name = \"a\", address = \"10.0.2.1\", weight = 1 },  # steadfast:allow SF410" +
      kGoodEnd + "\n  { name = \"b\", address = \"10.0.2.2\", weight = 1 }\n]\n";
  const std::string text = head() + service("web", "web") + pool("web", kNoFloor) + list;
  EXPECT_EQ(the("SF410", judge(text)).severity, Severity::warn);
}

TEST(Allow, EndsWithItsLastDay) {
  const Findings findings = judge(file("# steadfast:allow SF410 reason=\"r\" until=2026-11-21\n"));
  EXPECT_EQ(the("SF410", findings).severity, Severity::warn);
  const Finding expired = the("SF911", findings);
  EXPECT_EQ(expired.severity, Severity::warn);
  EXPECT_EQ(expired.object, "pool/web");
  EXPECT_NE(expired.message.find("2026-11-21"), std::string::npos);
  EXPECT_FALSE(has("SF911", judge(file("# steadfast:allow SF410" + kGoodEnd + "\n"))));
}

TEST(Allow, HoldsNothingWhenTheDayIsNotKnown) {
  const auto findings = check(file("# steadfast:allow SF410" + kGoodEnd + "\n"), "edge.toml").findings;
  EXPECT_EQ(the("SF410", findings).severity, Severity::warn);
}

class BadAllow : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(BadAllow, IsAFindingAtItsPlace) {
  const auto& [comment, says] = GetParam();
  const Findings findings = judge(file("#" + std::string(comment) + "\n"));
  const Finding finding = the("SF103", findings);
  EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_EQ(finding.object, "pool/web");
  EXPECT_EQ(finding.place.column, 1u);
  EXPECT_NE(finding.message.find(says), std::string::npos) << finding.message;
  EXPECT_EQ(the("SF410", findings).severity, Severity::warn);
}

INSTANTIATE_TEST_SUITE_P(
    Allow, BadAllow,
    testing::Values(std::pair("steadfast:allow", "names no code"),
                    std::pair(" steadfast:allow SF41O reason=\"r\" until=2027-01-01", "no code of a finding"),
                    std::pair(" steadfast:allow SF201 reason=\"r\" until=2027-01-01", "errors cannot"),
                    std::pair(" steadfast:allow SF501 reason=\"r\" until=2027-01-01", "about a change"),
                    std::pair(" steadfast:allow SF506 reason=\"r\" until=2027-01-01", "about a change"),
                    std::pair(" steadfast:allow SF604 reason=\"r\" until=2027-01-01", "about a change"),
                    std::pair(" steadfast:allow SF410 until=2027-01-01", "no reason"),
                    std::pair(" steadfast:allow SF410 reason=\"\" until=2027-01-01", "blank"),
                    std::pair(" steadfast:allow SF410 reason=r until=2027-01-01", "in quotes"),
                    std::pair(" steadfast:allow SF410 reason=\"r until=2027-01-01", "in quotes"),
                    std::pair(" steadfast:allow SF410 reason=\"r\"", "no end"),
                    std::pair(" steadfast:allow SF410 reason=\"r\" until=2027-02-30", "no date"),
                    std::pair(" steadfast:allow SF410 reason=\"r\" until=soon", "no date"),
                    std::pair(" steadfast:allow SF410 reason=\"r\" until=2027-01-01 for=ever", "neither"),
                    std::pair(" steadfast:alow SF410 reason=\"r\" until=2027-01-01", "did you mean")));

TEST(Allow, MustStandWithSomething) {
  const std::string allow = "# steadfast:allow SF410" + kGoodEnd + "\n";
  EXPECT_TRUE(has("SF103", judge(file(allow + "\n"))));
  EXPECT_TRUE(has("SF103", judge(file("") + allow)));
}

TEST(Allow, IsNoCommentInsideAString) {
  const std::string text = file("");
  const auto at = text.find("hash_seed = \"seed\"");
  std::string with = text;
  with.replace(at, 18, "hash_seed = \"# steadfast:allow SF999\"");
  EXPECT_FALSE(has("SF103", judge(with)));
}

TEST(Allow, CannotAllowTheErrorsOfARuleThatMostlyWarns) {
  const std::string text = head() + service("web", "web") + "# steadfast:allow SF403" + kGoodEnd + "\n" +
                           pool("web", "min_healthy = \"50%\"\nmin_backends = 3\n" + kHealth) + backends(2);
  EXPECT_EQ(the("SF403", judge(text)).severity, Severity::error);
}

TEST(Allow, LeavesTheMarksOfAWholeFileAlone) {
  const std::string text = "# steadfast:begin\n" + file("") + "# steadfast:end\n";
  EXPECT_FALSE(has("SF103", judge(text)));
}

}  // namespace
}  // namespace steadfast
