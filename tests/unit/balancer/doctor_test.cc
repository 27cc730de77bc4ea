// SPDX-License-Identifier: Apache-2.0
// What the balancer does with what the host says; the host is pretended.
#include "balancer_lab.h"
#include "control/health_witness.h"

namespace steadfast {
namespace {

Finding finding(const std::string& code, Severity severity, const std::string& object) {
  Finding one;
  one.code = code;
  one.severity = severity;
  one.object = object;
  one.message = "something about " + object;
  return one;
}

class Doctors : public Balancers {
 protected:
  Doctors() {
    around_.has_host = true;
    around_.examine_change = [this](const Model& after, const Model* before) {
      asked_.emplace_back(after.pools[0].backends.size(),
                          before == nullptr ? 0 : before->pools[0].backends.size());
      return says_;
    };
    around_.examine_host = [](const Model&) {
      return Findings{finding("SF701", Severity::error, "host/interface/eth0")};
    };
    start();
  }

  Findings says_;
  std::vector<std::pair<std::size_t, std::size_t>> asked_;  // backends after and before
};

TEST_F(Doctors, AreAskedAboutAChangeWithWhatRunsBefore) {
  ASSERT_EQ(apply(two()).ending, Ending::applied);
  ASSERT_EQ(apply_anyway(three()).ending, Ending::applied);
  EXPECT_EQ(asked_.front(), (std::pair<std::size_t, std::size_t>{2, 0}));
  EXPECT_EQ(asked_.back(), (std::pair<std::size_t, std::size_t>{3, 2}));
}

TEST_F(Doctors, RefuseWithAnErrorOfTheHost) {
  apply(two());
  says_ = {finding("SF712", Severity::error, "host/nft/inet/filter/output")};
  const Outcome outcome = apply(three());
  EXPECT_EQ(outcome.ending, Ending::refused);
  EXPECT_EQ(outcome.generation, 1u);
  ASSERT_FALSE(outcome.findings.empty());
  EXPECT_EQ(outcome.findings.back().code, "SF712");
  EXPECT_EQ(outcome.findings.back().file, "edge.toml");
}

TEST_F(Doctors, LetAGateBeAcceptedByName) {
  apply(two());
  says_ = {finding("SF702", Severity::gate, "host/interface/eth0")};
  Change wish = change(three());
  EXPECT_EQ(balancer_->apply(wish).ending, Ending::gated);
  EXPECT_EQ(apply_anyway(wish).ending, Ending::applied);
}

TEST_F(Doctors, LetAWarningPass) {
  apply(two());
  says_ = {finding("SF710", Severity::warn, "backend/web/web-03")};
  EXPECT_EQ(apply_anyway(three()).ending, Ending::applied);
}

// The way back was judged when it was made; a host that has changed must not bar it.
TEST_F(Doctors, DoNotStandInTheWayBack) {
  apply(two());
  apply_anyway(three());
  says_ = {finding("SF712", Severity::error, "host/nft/inet/filter/output")};
  EXPECT_EQ(balancer_->rollback(0, "alice", "").ending, Ending::applied);
}

TEST_F(Doctors, LookAtTheHostOfWhatRuns) {
  EXPECT_FALSE(balancer_->doctor({}));
  apply(two());
  const auto report = balancer_->doctor({});
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->generation, 1u);
  ASSERT_EQ(report->findings.size(), 1u);
  EXPECT_EQ(report->findings[0].code, "SF701");
}

TEST_F(Doctors, HaveNothingToLookAtWhereThereIsNoHost) {
  around_.has_host = false;
  start();
  apply(two());
  const auto report = balancer_->doctor({});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().what, "this balancer has no host to look at");
}

// One that finds what it is told to.
struct Witness : HealthWitness {
  std::vector<Examined> found;
  Result<std::vector<ExaminedMember>> of_change = std::vector<ExaminedMember>();
  std::function<void()> meanwhile = [] {};
  HealthReport told;
  HealthReport report() const override { return told; }
  HealthReport unwell() const override { return told; }
  HealthStatus status() const override { return {}; }
  Result<std::vector<Examined>> examine(const std::string&, const std::string&) const override {
    return found;
  }
  Result<std::vector<ExaminedMember>> examine_change(const Model&, const NextHops&,
                                                     const Model*) const override {
    meanwhile();
    return of_change;
  }
};

TEST_F(Doctors, TellWhichServerDiffersFromItsPools) {
  apply(two());
  Witness witness;
  PoolHealth pool;
  pool.name = "web";
  pool.backends.resize(1);
  pool.backends[0].name = "web-02";
  pool.backends[0].stranger = "answers as old, 4 of 5 in its pool as new";
  witness.told.pools = {pool};
  balancer_->ask_about_health(&witness);
  const Finding of_host = balancer_->doctor({})->findings.front();
  EXPECT_EQ(of_host.code, "SF807");
  EXPECT_EQ(of_host.severity, Severity::note);
  EXPECT_EQ(of_host.object, "backend/web/web-02");
  EXPECT_EQ(of_host.message, "backend \"web-02\" of pool \"web\" answers as old, 4 of 5 in its pool as new");
  EXPECT_EQ(balancer_->doctor({"web", "web-02"})->findings.size(), 1u);
  EXPECT_TRUE(balancer_->doctor({"web", "web-01"})->findings.empty());
}

TEST_F(Doctors, TellWhatABackendLacks) {
  apply(two());
  Witness witness;
  witness.found = {{"web", "SF802", "the VIP is no address of it", "add it", true}};
  balancer_->ask_about_health(&witness);
  const auto report = balancer_->doctor({"web", "web-02"});
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->examined, std::vector<std::string>{"web"});
  ASSERT_EQ(report->findings.size(), 2u);
  EXPECT_EQ(report->findings[0].code, "SF802");
  EXPECT_EQ(report->findings[0].object, "backend/web/web-02");
  EXPECT_EQ(report->findings[1].code, "SF805");
  witness.found = {{"web", "", "", "", false}};
  EXPECT_TRUE(balancer_->doctor({"web", "web-02"})->findings.empty());
  EXPECT_FALSE(balancer_->doctor({"web", "web-77"}));
  balancer_->ask_about_health(nullptr);
  EXPECT_FALSE(balancer_->doctor({"web", "web-02"}));
}

// --- before users are sent there ---

TEST_F(Doctors, ProbeWhatAChangeWouldSendUsersTo) {
  apply(two());
  Witness witness;
  witness.of_change = std::vector<ExaminedMember>{
      {"web", "web-03", Examined{"web", "SF802", "the VIP is no address of it", "add it", true}}};
  balancer_->ask_about_health(&witness);
  const Outcome refused = apply(three());
  EXPECT_EQ(refused.ending, Ending::gated);
  ASSERT_FALSE(refused.findings.empty());
  const Finding& finding = refused.findings.back();
  EXPECT_EQ(finding.code, "SF802");
  EXPECT_EQ(finding.object, "backend/web/web-03");
  EXPECT_EQ(finding.file, "edge.toml");
  EXPECT_NE(finding.place.line, 0u);
  EXPECT_EQ(apply_anyway(three()).ending, Ending::applied);
}

TEST_F(Doctors, SayThatAPassingCheckIsWrongOnlyWhereItAsksTheBackendItself) {
  apply(two());
  Witness witness;
  witness.of_change = std::vector<ExaminedMember>{
      {"web", "web-03", Examined{"web", "SF803", "it answers as another", "", true}}};
  balancer_->ask_about_health(&witness);
  const Outcome refused = apply(three());
  EXPECT_EQ(refused.ending, Ending::refused) << "an error cannot be accepted";
  for (const Finding& finding : refused.findings) EXPECT_NE(finding.code, "SF805");
}

TEST_F(Doctors, NameSomeWaysThatDoNotWorkAndCountTheRest) {
  apply(two());
  Witness witness;
  const ExaminedMember deaf{"web", "web-03",
                            Examined{"web", "SF802", "the VIP is no address of it", "", true}};
  witness.of_change = std::vector<ExaminedMember>(5000, deaf);
  balancer_->ask_about_health(&witness);
  const Outcome gated = apply(three());
  EXPECT_EQ(gated.ending, Ending::gated);
  EXPECT_EQ(std::count_if(gated.findings.begin(), gated.findings.end(),
                          [](const Finding& finding) { return finding.code == "SF802"; }),
            33);
  const Finding& rest = gated.findings.back();
  EXPECT_EQ(rest.object, "host");
  EXPECT_TRUE(rest.message.starts_with("4968 more like these")) << rest.message;
  EXPECT_EQ(apply_anyway(three()).ending, Ending::applied);
}

TEST_F(Doctors, DoNotLoseAnErrorAmongManyGates) {
  apply(two());
  Witness witness;
  const ExaminedMember deaf{"web", "web-03",
                            Examined{"web", "SF802", "the VIP is no address of it", "", true}};
  witness.of_change = std::vector<ExaminedMember>(100, deaf);
  witness.of_change->push_back(
      {"web", "web-03", Examined{"web", "SF803", "it answers as another", "", true}});
  balancer_->ask_about_health(&witness);
  EXPECT_EQ(apply(three()).ending, Ending::refused);
}

TEST_F(Doctors, DoNotHideOneRuleBehindTheRestOfAnother) {
  apply(two());
  Witness witness;
  const Examined deaf{"web", "SF802", "the VIP is no address of it", "", true};
  const Examined short_of_mtu{"web", "SF804", "1,500 bytes do not get through", "", true};
  witness.of_change = std::vector<ExaminedMember>(100, {"web", "web-03", deaf});
  witness.of_change->insert(witness.of_change->begin() + 40, {"web", "web-03", short_of_mtu});
  balancer_->ask_about_health(&witness);
  const Outcome gated = apply(three());
  EXPECT_EQ(std::count_if(gated.findings.begin(), gated.findings.end(),
                          [](const Finding& finding) { return finding.code == "SF804"; }),
            1);
}

TEST_F(Doctors, DoNotTakeWhatTheyCouldNotSeeForGood) {
  apply(two());
  Witness witness;
  witness.of_change = std::vector<ExaminedMember>{{"web", "web-03", std::nullopt}};
  balancer_->ask_about_health(&witness);
  const Outcome refused = apply(three());
  EXPECT_EQ(refused.ending, Ending::gated);
  EXPECT_EQ(refused.findings.back().object, "host");
  EXPECT_NE(refused.findings.back().message.find("1 of 1 new or altered ways"), std::string::npos);
  EXPECT_EQ(apply_anyway(three()).ending, Ending::applied);
}

TEST_F(Doctors, LetGuardsAndHealthWorkWhileTheyAsk) {
  apply(two());
  Witness witness;
  witness.meanwhile = [this] { balancer_->tend(); };
  balancer_->ask_about_health(&witness);
  EXPECT_EQ(apply_anyway(three()).ending, Ending::applied);
}

TEST_F(Doctors, DoNotCarryOutWhatWasJudgedFromSomethingElse) {
  apply(two());
  Witness witness;
  balancer_->ask_about_health(&witness);
  BackendEdit drain;
  drain.kind = BackendEdit::Kind::drain;
  drain.pool = "web";
  drain.name = "web-01";
  int asked = 0;  // by the plan, by the apply, by the drain itself
  witness.meanwhile = [&] {
    if (++asked == 2) EXPECT_EQ(balancer_->edit(drain).ending, Ending::applied);
  };
  const Outcome refused = apply_anyway(three());
  EXPECT_EQ(refused.ending, Ending::refused);
  EXPECT_NE(refused.error.find("while backends were asked"), std::string::npos) << refused.error;
  EXPECT_EQ(refused.generation, 2u) << "the drain";
}

TEST_F(Doctors, ThatCannotProbeAreInTheWayToo) {
  apply(two());
  Witness witness;
  witness.of_change = Error{"no way out"};
  balancer_->ask_about_health(&witness);
  const Outcome refused = apply(three());
  EXPECT_EQ(refused.ending, Ending::gated);
  EXPECT_NE(refused.findings.back().message.find("no way out"), std::string::npos);
}

}  // namespace
}  // namespace steadfast
