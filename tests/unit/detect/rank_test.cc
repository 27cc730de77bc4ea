// SPDX-License-Identifier: Apache-2.0
#include "detect/rank.h"

#include "world.h"

namespace steadfast::detect {
namespace {

class RankTest : public World {
 protected:
  Sign sign(const std::string& verdict = "no_next_hop") const {
    return {"T1", Severity::page, "service/chat", endpoint("chat"), verdict, 0.3, now_s_, {}, true};
  }
  void change(std::uint64_t generation, double before_s, const std::string& service,
              const std::vector<std::string>& objects) {
    ChangeMade made{generation, now_s_ - before_s, "ann", "edge.toml", {}, {endpoint(service)}};
    std::uint32_t line = 60;
    for (const std::string& object : objects)
      made.objects.push_back({object, {line++, 1}, {endpoint(service)}});
    changes_.push_back(made);
  }
  void break_next_hops(std::initializer_list<std::size_t> numbers) {
    for (const std::size_t number : numbers) row("chat", number).has_next_hop = false;
  }
  std::vector<Suspect> suspects(const Sign& of, std::vector<Sign> all = {}) {
    if (all.empty()) all = {of};
    return rank(of, {scene_, changes_, drifts_, all, unconfirmed_});
  }

  std::deque<ChangeMade> changes_;
  std::deque<Drift> drifts_;
  std::uint64_t unconfirmed_ = 0;
};

TEST_F(RankTest, TheChangeThatTouchedItComesBeforeBystanders) {
  change(41, 5, "web", {backend("web", 1)});
  change(42, 5, "chat", {backend("chat", 2), backend("chat", 3)});
  change(43, 2, "mail", {backend("mail", 1)});
  break_next_hops({2, 3});
  const auto found = suspects(sign());
  EXPECT_EQ(found[0].object, "generation/42");
  EXPECT_EQ(found[0].author, "ann");
  EXPECT_EQ(found[0].place.line, 60u);
  for (const Suspect& one : found) EXPECT_TRUE(one.generation == 42 || one.generation == 0) << one.object;
}

TEST_F(RankTest, OneObjectThatExplainsItAllIsNamedItself) {
  change(42, 5, "chat", {"pool/chat", backend("chat", 3), backend("chat", 4)});
  break_next_hops({4});
  const auto found = suspects(sign());
  EXPECT_EQ(found[0].object, backend("chat", 4));
  EXPECT_EQ(found[0].generation, 42u);
  EXPECT_EQ(found[0].place.line, 62u);
}

TEST_F(RankTest, AFreshChangeIsMoreSurprisingThanAnOldOne) {
  change(42, 500, "chat", {backend("chat", 1)});
  change(43, 3, "chat", {backend("chat", 1)});
  EXPECT_EQ(suspects(sign("table_error"))[0].generation, 43u);
}

TEST_F(RankTest, AChangeThatCameLaterIsNone) {
  change(42, -30, "chat", {backend("chat", 1)});
  EXPECT_EQ(suspects(sign("table_error"))[0].object, "service/chat");
}

TEST_F(RankTest, DriftWithinAMinuteIsASuspect) {
  drifts_.push_back({"SF902", "interface/eth0", "the program was detached", now_s_ - 20});
  EXPECT_EQ(suspects(sign())[0].object, "interface/eth0");
  drifts_.back().at_s = now_s_ - 90;
  EXPECT_EQ(suspects(sign())[0].object, "service/chat");
}

TEST_F(RankTest, WhatIsFoundWhereAChangeTouchedFollowsFromIt) {
  change(42, 5, "chat", {backend("chat", 2)});
  break_next_hops({2});
  drifts_.push_back({"SF701", backend("chat", 2), "no route", now_s_});
  EXPECT_EQ(suspects(sign())[0].generation, 42u);
}

TEST_F(RankTest, DriftOfAnotherServiceIsABystander) {
  drifts_.push_back({"SF901", "service/web", "differs", now_s_ - 1});
  EXPECT_EQ(suspects(sign())[0].object, "service/chat");
}

TEST_F(RankTest, WithoutAChangeTheBackendThatCannotBeReachedIsIt) {
  break_next_hops({2});
  const auto found = suspects(sign());
  EXPECT_EQ(found[0].object, backend("chat", 2));
  EXPECT_EQ(found[0].command, "steadfast doctor --backend chat/chat-02");
}

TEST_F(RankTest, AChangeOfOneDoesNotExplainWhatAllSuffer) {
  change(42, 4, "chat", {backend("chat", 1)});
  drifts_.push_back({"SF902", "host", "the default route is gone", now_s_ - 40});
  std::vector<Sign> all(3, sign());
  all[1].endpoint = endpoint("web");
  all[2].endpoint = endpoint("mail");
  EXPECT_EQ(suspects(all[0], all)[0].object, "host");
}

TEST_F(RankTest, SaysHowToGoBack) {
  change(42, 5, "chat", {});
  EXPECT_EQ(suspects(sign())[0].command, "steadfast rollback");
  unconfirmed_ = 42;
  EXPECT_EQ(suspects(sign())[0].command, "steadfast cancel");
}

TEST_F(RankTest, WeightsAreSharesOfAllTheEvidence) {
  change(42, 5, "chat", {backend("chat", 2), backend("chat", 3)});
  double sum = 0;
  for (const Suspect& one : suspects(sign())) sum += one.weight;
  EXPECT_NEAR(sum, 1, 1e-9);
}

}  // namespace
}  // namespace steadfast::detect
