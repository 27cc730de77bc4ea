// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/mutation.h"

#include <map>
#include <set>

#include "compile/tables.h"
#include "rehearsal/mutants.h"
#include "rehearsal/starter.h"
#include "rehearsal_lab.h"

namespace steadfast::rehearsal {
namespace {

std::vector<Mutant> mutants_of(const Model& model, std::size_t count) {
  std::vector<Mutant> all;
  const auto made = for_each_mutant(model, count, [&](const Mutant& mutant) -> Result<void> {
    all.push_back(mutant);
    return {};
  });
  EXPECT_TRUE(made.has_value());
  return all;
}

TEST(Mutants, AreTheSameEveryTime) {
  const auto first = mutants_of(edge(), 60), second = mutants_of(edge(), 60);
  ASSERT_EQ(first.size(), 60u);
  ASSERT_EQ(second.size(), 60u);
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].object, second[i].object);
    EXPECT_EQ(first[i].change, second[i].change);
  }
}

TEST(Mutants, CoverEveryKindOfMistakeBeforeAnyIsRepeated) {
  std::map<std::string, int> kinds;
  for (const Mutant& mutant : mutants_of(edge(), 1000)) ++kinds[mutant.operation];
  std::set<std::string> first;
  for (const Mutant& mutant : mutants_of(edge(), kinds.size())) first.insert(mutant.operation);
  EXPECT_GE(kinds.size(), 25u);
  EXPECT_GE(first.size(), kinds.size() - 6) << "a kind whose first slip changes nothing waits a round";
}

TEST(Mutants, NeverBehaveAlike) {
  const Model model = edge();
  for (const Mutant& mutant : mutants_of(model, 1000)) {
    EXPECT_FALSE(mutant.object.empty());
    EXPECT_NE(mutant.change, "");
  }
  // One backend gets everything whatever its weight, and what nobody uses decides nothing.
  std::string toml = lab_config(R"(
[[service]]
name = "web"
vip = "192.0.2.10"
protocol = "tcp"
port = 443
forward = "ipip"
pool = "web"
[[pool]]
name = "web"
[[pool.backend]]
name = "web-01"
address = "10.0.2.11"
weight = 100
[[pool]]
name = "spare"
[[pool.backend]]
name = "spare-01"
address = "10.0.3.11"
weight = 100
)");
  for (const Mutant& mutant : mutants_of(model_of(toml), 1000)) {
    EXPECT_EQ(mutant.object.find("spare"), std::string::npos) << mutant.change;
    EXPECT_NE(mutant.operation, "weight ×10");
    EXPECT_NE(mutant.operation, "hash seed changed");
  }
}

TEST(Mutants, EndWithTheErrorOfTheirVisitor) {
  int seen = 0;
  const auto made = for_each_mutant(edge(), 10, [&](const Mutant&) -> Result<void> {
    return ++seen == 3 ? Result<void>(Error{"enough"}) : Result<void>();
  });
  EXPECT_EQ(made.error().what, "enough");
  EXPECT_EQ(seen, 3);
}

MutationReport mutated(const std::string& tests, const Model& model, std::size_t count) {
  EngineStage stage(open_host_engine);
  auto report = mutate({tests_of(tests)}, model, stage, count);
  EXPECT_TRUE(report.has_value()) << report.error().what;
  return report ? std::move(*report) : MutationReport{};
}

TEST(Mutation, TestsThatSayMoreCatchMore) {
  const Model model = edge();
  const MutationReport weak = mutated(test_text(kWeb, "verdict = \"forwarded\""), model, 80);
  const MutationReport strong = mutated(starter_tests(model), model, 80);
  EXPECT_EQ(weak.mutants.size(), 80u);
  EXPECT_LT(weak.score() + 0.05, strong.score());
  EXPECT_GE(strong.score(), 0.9);
  EXPECT_GT(weak.count(Fate::survived) + weak.count(Fate::warned), 0u);
}

TEST(Mutation, NamesWhatCaughtAMistake) {
  const Model model = edge();
  for (const MutantResult& mutant : mutated(starter_tests(model), model, 80).mutants) {
    switch (mutant.fate) {
      case Fate::rule:
      case Fate::warned:
        EXPECT_EQ(mutant.by.substr(0, 2), "SF");
        break;
      case Fate::test:
        EXPECT_NE(mutant.by.find(": "), std::string::npos) << mutant.by;
        break;
      case Fate::survived:
        EXPECT_EQ(mutant.by, "") << mutant.change;
    }
    EXPECT_TRUE(mutant.operation != "pool emptied" || mutant.fate == Fate::rule) << mutant.object;
  }
}

TEST(Mutation, IsRefusedWhenTheTestsFailAnyway) {
  EngineStage stage(open_host_engine);
  const auto report = mutate({tests_of(test_text(kWeb, "verdict = \"no_backend\""))}, edge(), stage, 10);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().what.substr(0, 12), "1 tests fail");
}

TEST(Mutation, ScoreCountsRulesAndTests) {
  MutationReport report;
  EXPECT_EQ(report.score(), 1);
  for (const Fate fate : {Fate::rule, Fate::test, Fate::warned, Fate::survived})
    report.mutants.push_back({"", "", "", fate, ""});
  EXPECT_EQ(report.score(), 0.5);
}

}  // namespace
}  // namespace steadfast::rehearsal
