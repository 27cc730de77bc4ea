// SPDX-License-Identifier: Apache-2.0
#include "report/plan_text.h"

#include <gtest/gtest.h>

namespace steadfast::report {
namespace {

Plan sample() {
  Plan plan;
  plan.objects = {{ChangeKind::changed, "backend/web/web-03", {30, 1}, {31, 1}, {{"weight", "100", "50"}}},
                  {ChangeKind::added, "backend/web/web-04", {}, {35, 1}, {}},
                  {ChangeKind::removed, "service/api", {12, 1}, {}, {}}};
  plan.services = {{"web", "tcp 192.0.2.10:443", {5, 1}, 1234.4, 0.2, 0, true},
                   {"api", "tcp 192.0.2.11:443", {}, 5000, 0, 1, true},
                   {"dns", "udp 192.0.2.12:53", {20, 1}, 9, 0, 0, true}};
  plan.pools = {{"web", 400, 300, 4, 3, 1}};
  plan.domains = {{"rack", "r2", 100, 200, 1, 2}};
  plan.weighted = true;
  plan.moved = 0.301;
  return plan;
}

const Sides kSides{"generation 46", "edge.toml"};

TEST(PlanHeadline, SaysWhatMovesAndWhatDrops) {
  EXPECT_EQ(plan_headline(sample()), "30.1% of this host's traffic moves, 0 dropped");
  Plan plan = sample();
  plan.dropped = 0.301;
  plan.moved = 0;
  EXPECT_EQ(plan_headline(plan), "0 of this host's traffic moves, 30.1% dropped");
}

TEST(PlanHeadline, SaysWhenNothingWasWeighed) {
  Plan plan = sample();
  plan.weighted = false;
  EXPECT_EQ(plan_headline(plan), "30.1% of the new flows move, 0 dropped (every service counts alike)");
}

TEST(PlanHeadline, NeverRoundsADropToNothing) {
  Plan plan = sample();
  plan.dropped = 1e-9;
  EXPECT_NE(plan_headline(plan).find("<0.01% dropped"), std::string::npos);
}

TEST(PlanText, LooksLikeThis) {
  EXPECT_EQ(plan_text(sample(), kSides, false),
            "30.1% of this host's traffic moves, 0 dropped\n"
            "\n"
            "~ backend/web/web-03  edge.toml:31\n"
            "    weight: 100 -> 50\n"
            "+ backend/web/web-04  edge.toml:35\n"
            "- service/api  generation 46:12\n"
            "\n"
            "SERVICE  ENDPOINT            PACKETS/S  MOVED  DROPPED\n"
            "api      tcp 192.0.2.11:443      5,000      0     100%\n"
            "web      tcp 192.0.2.10:443      1,234    20%        0\n"
            "1 other service keeps every flow\n"
            "\n"
            "CAPACITY      WEIGHT  BACKENDS  LOST\n"
            "pool/web  400 -> 300    4 -> 3   25%\n"
            "rack=r2   100 -> 200    1 -> 2     0\n");
}

TEST(PlanText, PaintsOnATerminalOnly) {
  EXPECT_EQ(plan_text(sample(), kSides, false).find('\x1b'), std::string::npos);
  EXPECT_NE(plan_text(sample(), kSides, true).find("\x1b[31m100%"), std::string::npos);
}

TEST(PlanText, OfNoChangeSaysSo) {
  Plan plan;
  plan.services = {{"web", "tcp 192.0.2.10:443", {5, 1}, 1, 0, 0, true}};
  EXPECT_EQ(plan_text(plan, kSides, false),
            "0 of the new flows move, 0 dropped (every service counts alike)\n\nno object changes\n\n"
            "every service keeps every flow\n");
}

TEST(PlanText, CountsWhatItLeavesOut) {
  Plan plan;
  for (int i = 0; i < 1000; ++i) {
    plan.objects.push_back({ChangeKind::added, "backend/web/b" + std::to_string(i), {}, {1, 1}, {}});
    plan.services.push_back({"s" + std::to_string(i), "tcp 192.0.2.10:443", {1, 1}, 0, 1, 0, true});
  }
  const std::string text = plan_text(plan, kSides, false);
  EXPECT_NE(text.find("… and 800 more"), std::string::npos);
  EXPECT_NE(text.find("… and 950 more"), std::string::npos);
}

}  // namespace
}  // namespace steadfast::report
