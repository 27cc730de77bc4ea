// SPDX-License-Identifier: Apache-2.0
#include "audit/findings.h"

#include <gtest/gtest.h>

#include "audit/read_back.h"
#include "audited.h"
#include "check/catalogue.h"

namespace steadfast::audit {
namespace {

Difference difference(std::uint32_t entry, const std::string& field) {
  Difference one;
  one.map = "sf_services";
  one.entry = entry;
  one.field = field;
  one.desired = "1";
  one.found = "2";
  one.object = "service/web";
  one.place = {7, 1};
  one.file = "edge.toml";
  return one;
}

TEST(AuditFindings, AreOnePerEntry) {
  const auto findings =
      of_differences({difference(1, "active"), difference(1, "checks"), difference(2, "active")});
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].code, "SF901");
  EXPECT_EQ(findings[0].message,
            "sf_services entry 1 of slot 0: active is 2 and must be 1; checks is 2 and must be 1");
  EXPECT_EQ(findings[0].object, "service/web");
  EXPECT_EQ(findings[0].file, "edge.toml");
  EXPECT_EQ(findings[0].place.line, 7u);
}

TEST(AuditFindings, AForeignWriteIsOneHoweverMuchItChanged) {
  const Finding finding = of_foreign_write({difference(1, "active"), difference(2, "active")}, 4.25);
  EXPECT_EQ(finding.code, "SF905");
  EXPECT_EQ(
      finding.message,
      "written from outside within the last 4.2 s: service/web: sf_services entry 1 of slot 0: active is 2 "
      "and must be 1; 1 more values");
}

TEST(AuditFindings, AYoungReadBackIsNone) {
  EXPECT_TRUE(of_age(kTooOld_s).empty());
  ASSERT_EQ(of_age(kTooOld_s + 1).size(), 1u);
  EXPECT_EQ(of_age(kTooOld_s + 1)[0].code, "SF904");
}

TEST(AuditFindings, TheFileThatRunsIsNone) {
  const Model model = model_of(audited_config());
  EXPECT_TRUE(of_file("x", "edge.toml", "x", model).empty());
}

TEST(AuditFindings, AnotherFileIsCountedInObjects) {
  const Model model = model_of(audited_config());
  std::string other = audited_config();
  other.replace(other.find("weight = 1"), 10, "weight = 2");
  const auto findings = of_file(other, "edge.toml", audited_config(), model);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "SF908");
  EXPECT_EQ(findings[0].message, "a start from edge.toml would change 1 object");
}

TEST(AuditFindings, AFileThatWouldNotStartIsNamed) {
  const auto findings = of_file("", "edge.toml", audited_config(), model_of(audited_config()));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].message, "a start from edge.toml would fail: it has errors (steadfast check)");
}

TEST(AuditFindings, AServiceWithoutPacketsIsANote) {
  const Model model = model_of(audited_config());
  Snapshot snapshot;
  snapshot.services.resize(2);
  snapshot.services[0].name = "web";
  snapshot.services[0].state = "active";
  snapshot.services[0].verdicts[SF_FORWARDED].packets = 1;
  snapshot.services[1].name = "dns";
  snapshot.services[1].state = "active";
  const auto findings = of_silence(model, snapshot, 100);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "SF909");
  EXPECT_EQ(findings[0].severity, Severity::note);
  EXPECT_EQ(findings[0].object, "service/dns");
}

TEST(AuditFindings, OfACheckOnlyExceptionsThatHaveEnded) {
  const std::string ended = "# steadfast:allow SF410 reason=\"x\" until=2020-01-01\n" + audited_config();
  for (const Finding& finding : of_exceptions(ended, "edge.toml", {2026, 11, 22}))
    EXPECT_EQ(finding.code, "SF911");
  EXPECT_TRUE(of_exceptions(audited_config(), "edge.toml", {2026, 11, 22}).empty());
}

TEST(AuditFindings, BackendsBehindOneCauseAreOne) {
  const Model model = model_of(audited_config());
  NextHops hops = hops_for(model);
  for (auto& [address, hop] : hops) {
    hop.problem = "no route";
    hop.ifindex = 0;
  }
  const auto findings = of_next_hops(model, hops);
  if (find_rule("SF709") == nullptr) return;
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "SF709");
  EXPECT_EQ(findings[0].message,
            "packets cannot leave for backend/web/web-01, backend/web/web-02, backend/dns/dns-01: no route");
}

TEST(AuditFindings, ANeighbourThatIsOnlyAskedForIsNone) {
  const Model model = model_of(audited_config());
  NextHops hops = hops_for(model);
  for (auto& [address, hop] : hops) {
    hop.problem = "asking";
    hop.pending = true;
  }
  EXPECT_TRUE(of_next_hops(model, hops).empty());
}

}  // namespace
}  // namespace steadfast::audit
