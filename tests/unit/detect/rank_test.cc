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
    return rank(of, {scene_, changes_, drifts_, all, processors_, running_, unconfirmed_});
  }

  std::deque<ChangeMade> changes_;
  std::deque<Drift> drifts_;
  Processors processors_;
  std::uint64_t running_ = 0, unconfirmed_ = 0;
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
  drifts_.push_back({"SF904", "host", "the default route is gone", now_s_ - 20});
  EXPECT_EQ(suspects(sign())[0].object, "host");
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

TEST_F(RankTest, WhatIsFoundLongAfterAChangeDoesNotFollowFromIt) {
  change(42, 400, "chat", {backend("chat", 2)});
  drifts_.push_back({"SF905", backend("chat", 2), "sf_backends differs", now_s_ - 5});
  Sign silent = sign("silent");
  silent.detector = "T3";
  silent.object = backend("chat", 2);
  EXPECT_EQ(suspects(silent)[0].evidence, "SF905: sf_backends differs");
}

TEST_F(RankTest, ABackendThatFallsSilentIsNotTheDoingOfAnother) {
  Sign silent = sign("silent");
  silent.detector = "T3";
  silent.object = backend("chat", 2);
  change(42, 5, "chat", {backend("chat", 1), "service/chat"});
  drifts_.push_back({"SF905", backend("chat", 3), "differs", now_s_ - 1});
  drifts_.push_back({"SF902", "interface/eth1", "attached again", now_s_ - 1});
  EXPECT_EQ(suspects(silent)[0].object, backend("chat", 2));
  EXPECT_EQ(suspects(silent)[0].generation, 0u);
}

TEST_F(RankTest, WhatIsDeniedIsTheServicesAndNoBackends) {
  Sign denied = sign("source_denied");
  denied.detector = "T2";
  denied.by_configuration = false;
  change(41, 6, "chat", {"service/chat"});
  change(42, 3, "chat", {backend("chat", 1)});
  EXPECT_EQ(suspects(denied)[0].object, "service/chat");
  EXPECT_EQ(suspects(denied)[0].generation, 41u);
}

TEST_F(RankTest, NoiseIsNoChangesDoing) {
  Sign noise = sign("bad_transport");
  noise.detector = "T2";
  noise.by_configuration = false;
  change(42, 3, "chat", {"service/chat", backend("chat", 1), "pool/chat"});
  EXPECT_EQ(suspects(noise)[0].generation, 0u);
}

TEST_F(RankTest, AnEmptiedPoolIsTheDoingOfWhoTookMostOfIt) {
  for (std::size_t number = 1; number <= kBackends; ++number) row("chat", number).ring_share = 0;
  change(41, 1, "chat", {backend("chat", 1)});
  change(42, 3, "chat", {backend("chat", 1), backend("chat", 2), backend("chat", 3), backend("chat", 4)});
  EXPECT_EQ(suspects(sign("no_backend"))[0].object, "generation/42");
}

TEST_F(RankTest, TheLineIsThatOfWhatExplainsMost) {
  change(42, 3, "chat", {"service/chat", backend("chat", 3), backend("chat", 4)});
  break_next_hops({3, 4});
  EXPECT_EQ(suspects(sign())[0].object, "generation/42");
  EXPECT_EQ(suspects(sign())[0].place.line, 61u);
}

TEST_F(RankTest, AnInterfaceIsBehindAllServicesAndNotBehindOne) {
  drifts_.push_back({"SF902", "interface/eth0", "the program was detached", now_s_ - 20});
  std::vector<Sign> all;
  for (const char* name : {"chat", "web", "mail", "news"}) {
    all.push_back(
        {"T5", Severity::warn, "service/" + std::string(name), endpoint(name), "volume", 1, now_s_});
  }
  EXPECT_EQ(suspects(all[0], all)[0].object, "interface/eth0");
  EXPECT_EQ(suspects(sign())[0].object, "service/chat");
}

TEST_F(RankTest, DriftOfAnotherPoolIsABystander) {
  drifts_.push_back({"SF910", "pool/web", "all fail", now_s_ - 1});
  EXPECT_EQ(suspects(sign())[0].object, "service/chat");
  drifts_.push_back({"SF910", "pool/chat", "all fail", now_s_ - 1});
  EXPECT_EQ(suspects(sign())[0].object, "pool/chat");
}

TEST_F(RankTest, OneOfManyThatCannotBeReachedStandsForAll) {
  break_next_hops({1, 2, 3, 4});
  EXPECT_EQ(suspects(sign())[0].object, backend("chat", 1));
  EXPECT_EQ(suspects(sign())[0].evidence, "has no next hop, nor have 3 more");
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

TEST_F(RankTest, TheCpuThatLosesItAllIsASuspectUnlessAChangeIs) {
  CpuCountsOf cpus{{endpoint("chat"), std::vector<CpuCounts>(4)}};
  for (int s = 0; s < 10; ++s) {
    for (CpuCounts& cpu : cpus[endpoint("chat")]) cpu.packets += 100;
    cpus[endpoint("chat")][3].configuration += 50;
    processors_.take(cpus);
  }
  EXPECT_EQ(suspects(sign("table_error"))[0].object, "cpu/3");
  EXPECT_EQ(suspects(sign("table_error"))[0].evidence,
            "100 % of the drops are on this CPU, which has 25 % of the packets");
  change(42, 5, "chat", {backend("chat", 1)});
  EXPECT_EQ(suspects(sign("table_error"))[0].generation, 42u);
}

TEST_F(RankTest, SaysHowToGoBack) {
  change(42, 5, "chat", {});
  running_ = 42;
  EXPECT_EQ(suspects(sign())[0].command, "steadfast rollback");
  unconfirmed_ = 42;
  EXPECT_EQ(suspects(sign())[0].command, "steadfast cancel");
  running_ = 43, unconfirmed_ = 43;
  EXPECT_EQ(suspects(sign())[0].command, "steadfast history") << "a rollback would end 43";
  running_ = 41, unconfirmed_ = 0;
  EXPECT_EQ(suspects(sign())[0].command, "steadfast history") << "42 went back; a rollback would end 41";
}

TEST_F(RankTest, WeightsAreSharesOfAllTheEvidence) {
  change(42, 5, "chat", {backend("chat", 2), backend("chat", 3)});
  double sum = 0;
  for (const Suspect& one : suspects(sign())) sum += one.weight;
  EXPECT_NEAR(sum, 1, 1e-9);
}

TEST_F(RankTest, AChangeOfLongAgoIsNoSuspect) {
  change(42, 700, "chat", {backend("chat", 1)});
  EXPECT_EQ(suspects(sign("table_error"))[0].generation, 0u);
}

TEST_F(RankTest, WhatBeganLongBeforeIsNotTheSameTrouble) {
  change(42, 4, "chat", {"service/chat"});
  drifts_.push_back({"SF902", "host", "the default route is gone", now_s_ - 40});
  std::vector<Sign> all(4, sign("table_error"));
  const char* names[] = {"chat", "web", "mail", "news"};
  for (std::size_t i = 1; i < all.size(); ++i) all[i].endpoint = endpoint(names[i]), all[i].since_s -= 100;
  EXPECT_EQ(suspects(all[0], all)[0].generation, 42u);
}

TEST_F(RankTest, NamesAFewAndCountsTheRest) {
  std::vector<std::string> objects;
  for (int i = 10; i < 30; ++i) objects.push_back("range/chat/" + std::to_string(i));
  change(42, 4, "chat", objects);
  const auto found = suspects(sign("table_error"));
  EXPECT_EQ(found.size(), 8u);
  EXPECT_EQ(found[0].evidence, "changed range/chat/10, range/chat/11, range/chat/12 and 17 more 4 s before");
}

TEST_F(RankTest, WhatIsNotTheNewestIsNotRolledBack) {
  change(42, 5, "chat", {"service/chat"});
  change(43, 4, "web", {"service/web"});
  EXPECT_EQ(suspects(sign("table_error"))[0].generation, 42u);
  EXPECT_EQ(suspects(sign("table_error"))[0].command, "steadfast history");
}

TEST_F(RankTest, OfTwoChangesAroundTheFirstSecondTheLaterIsMeant) {
  change(41, 1, "chat", {"service/chat"});
  change(42, -2, "chat", {"service/chat"});
  EXPECT_EQ(suspects(sign("table_error"))[0].generation, 42u);
}

TEST_F(RankTest, BackendsThatAreGoneStandInNoScene) {
  scene_.services.at(endpoint("chat")).backends = 0;
  change(41, 1, "chat", {backend("chat", 1)});
  change(42, 3, "chat", {backend("chat", 1), backend("chat", 2), backend("chat", 3), backend("chat", 4)});
  EXPECT_EQ(suspects(sign("no_backend"))[0].object, "generation/42");
}

TEST_F(RankTest, AServiceIsNotSilentBecauseOfOneBackend) {
  Sign silent = sign("silent");
  silent.detector = "T3";
  silent.by_configuration = false;
  change(41, 6, "chat", {"service/chat"});
  change(42, 3, "chat", {backend("chat", 1)});
  EXPECT_EQ(suspects(silent)[0].generation, 41u);
}

}  // namespace
}  // namespace steadfast::detect
