// SPDX-License-Identifier: Apache-2.0
#include "report/finding_text.h"

#include <gtest/gtest.h>

#include "check/check.h"
#include "golden.h"

namespace steadfast::report {
namespace {

Finding finding_at(Place place) {
  Finding finding;
  finding.code = "SF103";
  finding.message = "a sentence";
  finding.file = "edge.toml";
  finding.object = "service/web";
  finding.place = place;
  return finding;
}

void expect_rendering(const std::string& name) {
  const std::string text = read_file(std::string(STEADFAST_SOURCE_DIR) + "/tests/broken/" + name + ".toml");
  const Checked checked = check(text, name + ".toml");
  const std::string page =
      render_findings(checked.findings, text, false) + summary(tally(checked.findings)) + "\n";
  expect_golden(page, "tests/golden/findings/" + name + ".txt");
}

TEST(FindingText, LooksLikeThis) {
  expect_rendering("01-unknown-key-in-host");
  expect_rendering("46-pool-twice");
  expect_rendering("73-outlier");
  expect_rendering("61-three-faults-in-three-lines");
}

TEST(FindingText, PutsTheCaretBelowItsColumn) {
  const std::string page = render_findings({finding_at({2, 8})}, "a = 1\nport = 70000 # x\n", false);
  EXPECT_NE(page.find("  2 | port = 70000 # x\n    |        ^^^^^\n"), std::string::npos) << page;
}

TEST(FindingText, CountsCharactersAndKeepsTabs) {
  const std::string page = render_findings({finding_at({1, 6})}, "\té = x\n", false);
  EXPECT_NE(page.find("    | \t    ^\n"), std::string::npos) << page;
}

TEST(FindingText, UnderlinesAWholeString) {
  const std::string page = render_findings({finding_at({1, 5})}, "a = \"b c\"\n", false);
  EXPECT_NE(page.find("    |     ^^^^^\n"), std::string::npos) << page;
}

TEST(FindingText, HasNoLineWithoutAPlaceOrSource) {
  EXPECT_EQ(render_findings({finding_at({})}, "a = 1\n", false).find('|'), std::string::npos);
  EXPECT_EQ(render_findings({finding_at({1, 1})}, "", false).find('|'), std::string::npos);
  EXPECT_EQ(render_findings({finding_at({9, 1})}, "a = 1\n", false).find('|'), std::string::npos);
}

TEST(FindingText, OfACommandsWordsNamesTheObjectAlone) {
  Finding finding = finding_at({});
  finding.file.clear();
  EXPECT_NE(render_findings({finding}, "", false).find("\n  at service/web\n"), std::string::npos);
}

TEST(FindingText, PointsBehindTheEndOfALine) {
  const std::string page = render_findings({finding_at({1, 7})}, "port =\n", false);
  EXPECT_NE(page.find("    |       ^\n"), std::string::npos) << page;
}

TEST(FindingText, ShowsNoControlCharactersOfTheFile) {
  const std::string page = render_findings({finding_at({1, 1})}, "a = \"\x1b[31m\"\n", false);
  EXPECT_EQ(page.find('\x1b'), std::string::npos);
}

TEST(FindingText, IsColouredOnlyWhenAsked) {
  EXPECT_EQ(render_findings({finding_at({1, 1})}, "a = 1\n", false).find('\x1b'), std::string::npos);
  EXPECT_NE(render_findings({finding_at({1, 1})}, "a = 1\n", true).find('\x1b'), std::string::npos);
}

TEST(FindingSummary, CountsEachSeverity) {
  EXPECT_EQ(summary({}), "no findings");
  EXPECT_EQ(summary({1, 0, 2, 0}), "1 error, 2 warnings");
  EXPECT_EQ(summary({2, 1, 1, 3}), "2 errors, 1 gate, 1 warning, 3 notes");
}

}  // namespace
}  // namespace steadfast::report
