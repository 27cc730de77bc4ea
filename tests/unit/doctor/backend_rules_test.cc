// SPDX-License-Identifier: Apache-2.0
#include "doctor/backend_rules.h"

#include "check/catalogue.h"
#include "probe/diagnosis.h"
#include "sound_host.h"

namespace steadfast {
namespace {

Findings findings_of(const doctor::Verdict& verdict) {
  const Model model = model_of_file(sound_file());
  return doctor::backend_findings(model, model.services[0], model.pools[0], model.pools[0].backends[1],
                                  verdict);
}

TEST(BackendRules, CarryTheSentenceOfTheExaminationAndItsFix) {
  const Findings findings = findings_of({"SF804", "a packet of 1480 bytes is lost", "raise the MTU", false});
  const Finding finding = the_only("SF804", findings);
  EXPECT_EQ(finding.severity, Severity::gate);
  EXPECT_EQ(finding.object, "backend/web/web-02");
  EXPECT_EQ(finding.file, "edge.toml");
  EXPECT_EQ(finding.fix, "raise the MTU");
  EXPECT_EQ(finding.message,
            "backend \"web-02\" of pool \"web\", service \"web\": a packet of 1480 bytes is lost");
  EXPECT_NE(finding.place.line, 0U);
}

TEST(BackendRules, NameADeafBackendBesideWhatItLacks) {
  EXPECT_EQ(codes(findings_of({"SF802", "no answer", "", true})),
            (std::vector<std::string>{"SF802", "SF805"}));
  EXPECT_EQ(findings_of({"SF802", "no answer", "", true})[1].severity, Severity::error);
}

// Whatever an examination may name has a rule, an explanation and a severity.
TEST(BackendRules, AreThereForEveryFault) {
#define X(symbol, number, words)                   \
  EXPECT_NE(find_rule(number), nullptr) << number; \
  EXPECT_EQ(findings_of({number, "so", "", false}).front().code, number);
  SF_BACKEND_FAULTS(X)
#undef X
}

}  // namespace
}  // namespace steadfast
