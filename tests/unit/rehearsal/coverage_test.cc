// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/coverage.h"

#include "rehearsal_lab.h"

namespace steadfast::rehearsal {
namespace {

TEST(Coverage, NotesEveryServiceThatNoTestReaches) {
  const Model model = edge();
  Findings findings;
  const Coverage coverage =
      judge_coverage(model, played(test_text(kDns, "verdict = \"forwarded\""), model), findings);
  EXPECT_EQ(coverage.services, 2u) << "a parked service takes no packets";
  EXPECT_EQ(coverage.tested, 1u);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "SF912");
  EXPECT_EQ(findings[0].severity, Severity::note);
  EXPECT_EQ(findings[0].object, "service/web");
  EXPECT_EQ(findings[0].file, "lab.toml");
  EXPECT_TRUE(findings[0].place);
}

TEST(Coverage, ATestThatReachesNobodyCoversNothing) {
  const Model model = edge();
  Findings findings;
  const TestReport report =
      played(test_text("tcp 203.0.113.7:* > 192.0.2.10:444 syn", "verdict = \"not_service\""), model);
  EXPECT_EQ(judge_coverage(model, report, findings).tested, 0u);
  EXPECT_EQ(findings.size(), 2u);
}

}  // namespace
}  // namespace steadfast::rehearsal
