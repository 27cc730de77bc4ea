// SPDX-License-Identifier: Apache-2.0
// What health takes away is laid over what the file says: packets follow it at once,
// also through changes of the file, and the file itself stays as it is.
#include "balancer_lab.h"
#include "control/live_balancer.h"

namespace steadfast {
namespace {

health::Overlay without(const std::string& backend, health::Reason reason = health::Reason::probes_fail) {
  health::Overlay overlay;
  overlay.shares[{"web", backend}] = {false, 1, reason};
  return overlay;
}

bool uses(const std::map<std::uint16_t, std::string>& chosen, const std::string& backend) {
  return std::any_of(chosen.begin(), chosen.end(), [&](const auto& one) { return one.second == backend; });
}

TEST_F(Balancers, ABackendThatIsDownGetsNoNewFlows) {
  apply(two());
  ASSERT_TRUE(uses(chosen(), "web-01"));
  EXPECT_EQ(*balancer_->set_health(without("web-01")), true);
  EXPECT_FALSE(uses(chosen(), "web-01"));
  EXPECT_EQ(balancer_->config_text(), two());
}

TEST_F(Balancers, ItsReturnBringsBackWhatItHadAndNothingElse) {
  apply(three());
  const auto before = chosen();
  ASSERT_TRUE(balancer_->set_health(without("web-01")));
  for (const auto& [port, backend] : chosen())
    if (before.at(port) != "web-01") {
      EXPECT_EQ(backend, before.at(port)) << port;
    }
  ASSERT_TRUE(balancer_->set_health({}));
  EXPECT_EQ(chosen(), before);
}

TEST_F(Balancers, TheSameHealthAgainPublishesNothing) {
  apply(two());
  EXPECT_EQ(*balancer_->set_health({}), false);
  EXPECT_EQ(*balancer_->set_health(without("web-01")), true);
  EXPECT_EQ(*balancer_->set_health(without("web-01")), false);
}

TEST_F(Balancers, AChangeOfTheFileDoesNotBringADownBackendBack) {
  apply(two());
  ASSERT_TRUE(balancer_->set_health(without("web-01")));
  ASSERT_EQ(apply(three()).ending, Ending::applied);
  EXPECT_FALSE(uses(chosen(), "web-01"));
  EXPECT_TRUE(uses(chosen(), "web-03"));
}

TEST_F(Balancers, HealthReachesBothSidesOfAPendingChange) {
  apply(two());
  Change wish = change(three());
  wish.confirmation.within_s = 60;
  ASSERT_EQ(balancer_->apply(wish).ending, Ending::pending);
  ASSERT_TRUE(balancer_->set_health(without("web-01")));
  EXPECT_FALSE(uses(chosen(), "web-01"));
  balancer_->cancel("alice", "");
  EXPECT_FALSE(uses(chosen(), "web-01"));
  EXPECT_FALSE(uses(chosen(), "web-03"));
}

TEST_F(Balancers, WhoFollowsSeesEveryChangeOfWhatRunsOnce) {
  EXPECT_FALSE(balancer_->follow(0));
  apply(two());
  const auto first = balancer_->follow(0);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->model.pools[0].backends.size(), 2u);
  EXPECT_FALSE(balancer_->follow(first->revision));
  apply(three());
  const auto second = balancer_->follow(first->revision);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->model.pools[0].backends.size(), 3u);
}

TEST_F(Balancers, WhoFollowsSeesAPendingChangeAndItsEnd) {
  apply(two());
  const std::uint64_t before = balancer_->follow(0)->revision;
  Change wish = change(three());
  wish.confirmation.within_s = 60;
  ASSERT_EQ(balancer_->apply(wish).ending, Ending::pending);
  const auto pending = balancer_->follow(before);
  ASSERT_TRUE(pending);
  EXPECT_EQ(pending->model.pools[0].backends.size(), 3u);
  balancer_->cancel("alice", "");
  const auto after = balancer_->follow(pending->revision);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->model.pools[0].backends.size(), 2u);
}

TEST_F(Balancers, HealthIsNoChangeOfWhatTheFileSays) {
  apply(two());
  const std::uint64_t before = balancer_->follow(0)->revision;
  ASSERT_TRUE(*balancer_->set_health(without("web-01")));
  EXPECT_FALSE(balancer_->follow(before));
}

class Witness final : public HealthWitness {
 public:
  HealthReport report() const override {
    HealthReport report;
    report.pools = {
        {"web", 2, 1, 1, 1, true, {{.name = "web-01", .state = "down", .reason = "probes-fail"}}}};
    return report;
  }
  HealthReport unwell() const override { return report(); }
  HealthStatus status() const override { return {{"SF910 pool/web: it runs on its floor"}, "all-fail", 3}; }
  Result<std::vector<Examined>> examine(const std::string&, const std::string& backend) const override {
    return std::vector<Examined>{{"web", "SF802", backend + " is deaf", "", true}};
  }
  Result<std::vector<ExaminedMember>> examine_change(const Model&, const NextHops&,
                                                     const Model*) const override {
    return std::vector<ExaminedMember>();
  }
};

TEST_F(Balancers, WhatTheWitnessKnowsIsInEveryAnswer) {
  apply(two());
  EXPECT_FALSE(balancer_->snapshot()->backends[0].health);
  EXPECT_FALSE(balancer_->examine("web", "web-01"));
  const Witness witness;
  balancer_->ask_about_health(&witness);
  const auto snapshot = balancer_->snapshot();
  EXPECT_EQ(snapshot->health.pools.size(), 1u);
  ASSERT_TRUE(snapshot->backends[0].health);
  EXPECT_EQ(snapshot->backends[0].health->state, "down");
  EXPECT_FALSE(snapshot->backends[1].health) << "nothing is known of web-02";
  const Status status = balancer_->status();
  EXPECT_EQ(status.alerts.back(), "SF910 pool/web: it runs on its floor");
  EXPECT_EQ(status.health_frozen, "all-fail");
  EXPECT_EQ(balancer_->examine("web", "web-01")->at(0).sentence, "web-01 is deaf");
}

}  // namespace
}  // namespace steadfast
