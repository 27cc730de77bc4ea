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

}  // namespace
}  // namespace steadfast
