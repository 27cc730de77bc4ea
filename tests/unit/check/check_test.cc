// SPDX-License-Identifier: Apache-2.0
#include "check/check.h"

#include <gtest/gtest.h>

#include "files.h"

namespace steadfast {
namespace {

const std::string kGood = head() + service("web", "web") + pool("web") + backends(4);

TEST(Check, GivesTheModelOfAGoodFile) {
  const Checked checked = check(kGood, "edge.toml");
  EXPECT_TRUE(checked.findings.empty());
  ASSERT_TRUE(checked.model.has_value());
  EXPECT_EQ(checked.model->pools.at(0).backends.size(), 4u);
}

TEST(Check, GivesTheModelWhenOnlyGatesAndWarningsStand) {
  const Checked checked = check(kGood + backend("x", "10.0.3.1"), "edge.toml");
  EXPECT_EQ(tally(checked.findings).gates, 1u);
  EXPECT_TRUE(checked.model.has_value());
}

TEST(Check, GivesNoModelOfABadFile) {
  EXPECT_FALSE(check(kGood + backend("x", "127.0.0.1"), "edge.toml").model.has_value());
}

TEST(Check, ReportsFaultsOfEveryStageInOneRunInTheOrderOfTheFile) {
  const std::string text = head() + service("a", "web") + service("b", "web") +
                           service("c", "wbe", "192.0.2.12") + pool("web") + backends(4) +
                           backend("x", "127.0.0.1") + backend("y", "10.0.2.9", 70000) + "oops\n";
  EXPECT_EQ(codes(text), (std::vector<std::string>{"SF201", "SF203", "SF305", "SF103", "SF105"}));
}

TEST(Check, NamesTheFileInEveryFinding) {
  for (const Finding& finding : check("oops\nschema = 2\n", "dir/edge.toml").findings)
    EXPECT_EQ(finding.file, "dir/edge.toml");
}

TEST(Check, SaysTheSameTwice) {
  const std::string text = kGood + backend("x", "127.0.0.1") + backend("y", "10.0.2.9", 70000);
  const Findings first = findings(text), second = findings(text);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].message, second[i].message);
}

TEST(CheckModel, FindsWhatCheckFinds) {
  const std::string text = kGood + backend("x", "10.0.3.1");
  const Checked checked = check(text, "edge.toml");
  Findings again;
  check_model(*checked.model, again);
  EXPECT_EQ(again.size(), checked.findings.size());
}

TEST(ExitCode, IsTheWorstThatStands) {
  EXPECT_EQ(exit_code({}, true), 0);
  EXPECT_EQ(exit_code({0, 0, 0, 5}, true), 0);
  EXPECT_EQ(exit_code({0, 0, 2, 0}, false), 0);
  EXPECT_EQ(exit_code({0, 0, 2, 0}, true), 3);
  EXPECT_EQ(exit_code({0, 1, 2, 0}, true), 3);
  EXPECT_EQ(exit_code({1, 1, 2, 0}, true), 1);
}

}  // namespace
}  // namespace steadfast
