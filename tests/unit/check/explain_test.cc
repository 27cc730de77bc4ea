// SPDX-License-Identifier: Apache-2.0
#include "report/explain.h"

#include <gtest/gtest.h>

#include "bpf/abi.h"
#include "check/catalogue.h"
#include "golden.h"

namespace steadfast::report {
namespace {

TEST(Explain, HasAPageForEveryRule) {
  for (const Rule* rule : catalogue()) {
    const auto page = explain(rule->code);
    ASSERT_TRUE(page.has_value()) << rule->code;
    EXPECT_NE(page->find(rule->title), std::string::npos);
    EXPECT_NE(page->find(rule->fix), std::string::npos);
  }
}

TEST(Explain, HasAPageForEveryVerdictByItsLabel) {
#define X(symbol, value, action, kind, label, help) \
  EXPECT_NE(explain(label).value_or("").find(help), std::string::npos) << label;
  SF_VERDICTS(X)
#undef X
}

TEST(Explain, ShowsTheLinesInWhichTheExamplesDiffer) {
  const std::string page = explain("SF101").value();
  EXPECT_NE(page.find("- wieght = 100\n+ weight = 100\n"), std::string::npos) << page;
}

TEST(Explain, ReadsCodesInAnyCase) { EXPECT_EQ(explain("sf201"), explain("SF201")); }

TEST(Explain, KnowsNothingElseButGuesses) {
  EXPECT_FALSE(explain("SF999").has_value());
  EXPECT_FALSE(explain("").has_value());
  EXPECT_EQ(explain_hint("no_bakend"), " (did you mean \"no_backend\"?)");
}

TEST(Explain, LooksLikeThis) {
  expect_golden(*explain("SF205"), "tests/golden/findings/explain-SF205.txt");
  expect_golden(*explain("no_backend"), "tests/golden/findings/explain-no_backend.txt");
}

TEST(ReferencePages, AreNotStale) {
  expect_golden(rules_markdown(), "docs/rules.md");
  expect_golden(verdicts_markdown(), "docs/verdicts.md");
}

}  // namespace
}  // namespace steadfast::report
