// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/candidate.h"

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "plan/sealed_plan.h"

namespace steadfast::cli {
namespace {

constexpr char kText[] = "schema = 1\n";

std::string sealed() {
  SealedPlan plan;
  plan.base_generation = 12;
  plan.base_digest = sha256_hex("what ran");
  plan.file = "/etc/steadfast/edge.toml";
  plan.text = kText;
  plan.digest = sha256_hex(kText);
  plan.made_at = "2026-01-01T00:00:00Z";
  return seal(plan);
}

TEST(Candidate, AFileIsTakenAsItStands) {
  Findings findings;
  const auto candidate = candidate_of({kText, "/etc/edge.toml"}, findings);
  ASSERT_TRUE(candidate);
  EXPECT_EQ(candidate->text, kText);
  EXPECT_EQ(candidate->name, "/etc/edge.toml");
  EXPECT_FALSE(candidate->base);
}

TEST(Candidate, TheJournalGetsAnAbsoluteName) {
  Findings findings;
  EXPECT_EQ(candidate_of({kText, "edge.toml"}, findings)->journal_name.front(), '/');
  EXPECT_EQ(candidate_of({kText, "edge.toml"}, findings)->name, "edge.toml");
  EXPECT_EQ(candidate_of({kText, "<stdin>"}, findings)->journal_name, "<stdin>");
}

TEST(Candidate, APlanBringsItsConfigurationAndItsBase) {
  Findings findings;
  const auto candidate = candidate_of({sealed(), "next.plan"}, findings);
  ASSERT_TRUE(candidate);
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(candidate->text, kText);
  EXPECT_EQ(candidate->name, "/etc/steadfast/edge.toml");
  ASSERT_TRUE(candidate->base);
  EXPECT_EQ(candidate->base->generation, 12u);
  EXPECT_EQ(candidate->base->digest, sha256_hex("what ran"));
}

TEST(Candidate, AnAlteredPlanIsAFindingAboutThePlan) {
  std::string altered = sealed();
  const auto at = altered.find("schema = 1");
  ASSERT_NE(at, altered.npos);
  altered.replace(at, 10, "schema = 2");
  Findings findings;
  EXPECT_FALSE(candidate_of({altered, "next.plan"}, findings));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "SF105");
  EXPECT_EQ(findings[0].severity, Severity::error);
  EXPECT_EQ(findings[0].file, "next.plan");
}

TEST(Candidate, ATruncatedPlanIsNoConfiguration) {
  const std::string whole = sealed();
  Findings findings;
  EXPECT_FALSE(candidate_of({whole.substr(0, whole.size() * 6 / 10), "next.plan"}, findings));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "SF105");
}

}  // namespace
}  // namespace steadfast::cli
