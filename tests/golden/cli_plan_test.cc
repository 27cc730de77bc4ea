// SPDX-License-Identifier: Apache-2.0
// `steadfast plan`, with and without a daemon.
#include <filesystem>

#include "plan/sealed_plan.h"
#include "tests/golden/cli_fixture.h"

namespace steadfast {
namespace {

using namespace golden;

std::string drained() {
  return replaced(kConfig, "10.0.2.11\"\nweight = 100\n", "10.0.2.11\"\nweight = 100\nstate = \"drain\"\n");
}
std::string parked() { return replaced(kConfig, "pool = \"web\"\n", "pool = \"web\"\nstate = \"parked\"\n"); }

TEST_F(Cli, PlanAgainstAFileNeedsNoDaemon) {
  const std::string base = file("base.toml", kConfig), next = file("next.toml", drained());
  const Ran ran = steadfast({"plan", next, "--against", base});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out.rfind("50% of the new flows move, 0 dropped (every service counts alike)\n", 0), 0u)
      << ran.out;
  EXPECT_NE(ran.out.find("~ backend/web/web-02  " + next + ":"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("state: \"active\" -> \"drain\""), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("SF503"), std::string::npos) << ran.out;
}

TEST_F(Cli, PlanExitsByTheWorstThatStandsInTheWay) {
  const std::string base = file("base.toml", kConfig);
  EXPECT_EQ(steadfast({"plan", base, "--against", base, "--strict"}).code, 0);
  EXPECT_EQ(steadfast({"plan", file("a", drained()), "--against", base, "--strict"}).code, 3);
  EXPECT_EQ(steadfast({"plan", file("b", parked()), "--against", base}).code, 4);
  EXPECT_EQ(steadfast({"plan", file("c", with_error()), "--against", base}).code, 1);
  EXPECT_EQ(steadfast({"plan", base, "--against", file("d", with_error())}).code, 2);
  EXPECT_EQ(steadfast({"plan", base, "--against", dir_ / "missing"}).code, 2);
  EXPECT_EQ(steadfast({"plan", base}).code, 2) << "nobody listens";
}

TEST_F(Cli, PlanJsonCarriesThePlanAndTheFindings) {
  const std::string base = file("base.toml", kConfig);
  const Json answer = json(steadfast({"plan", file("b", parked()), "--against", base, "--json"}));
  EXPECT_EQ(answer["plan"]["dropped"], 1);
  EXPECT_EQ(answer["gates"], 1);
  EXPECT_EQ(answer["findings"][0]["code"], "SF504");
  EXPECT_EQ(json(steadfast({"plan", file("c", with_error()), "--against", base, "--json"}))["errors"], 1);
}

TEST_F(Cli, PlanWritesNoPlanThatIsBoundToNothing) {
  const std::string base = file("base.toml", kConfig);
  const Ran ran = steadfast({"plan", base, "--against", base, "-o", dir_ / "plan.json"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_FALSE(std::filesystem::exists(dir_ / "plan.json"));
}

TEST_F(CliWithDaemon, PlanWritesAPlanThatAppliesToItsBaseOnly) {
  const std::string plan = dir_ / "plan.json";
  const Ran made = steadfast({"plan", file("next.toml", drained()), "-o", plan});
  EXPECT_EQ(made.code, 0) << made.out << made.err;
  const auto sealed = unseal(read_file(plan));
  ASSERT_TRUE(sealed) << sealed.error().what;
  EXPECT_EQ(sealed->text, drained());
  EXPECT_EQ(sealed->base_generation, 1u);
  EXPECT_EQ(sealed->author, "tester");
  EXPECT_EQ(sealed->summary + "\n", made.out.substr(0, made.out.find('\n') + 1));
  EXPECT_EQ(running(), kConfig) << "a plan changes nothing";
  EXPECT_EQ(steadfast({"plan", plan}).code, 0);
  EXPECT_EQ(steadfast({"apply", plan}).code, 0);
  EXPECT_EQ(running(), drained());
  EXPECT_EQ(steadfast({"plan", plan}).code, 1) << "its base does not run any more";
}

TEST_F(CliWithDaemon, PlanWritesNoPlanOfARefusedChange) {
  const std::string plan = dir_ / "plan.json";
  EXPECT_EQ(steadfast({"plan", file("bad.toml", with_error()), "-o", plan}).code, 1);
  EXPECT_FALSE(std::filesystem::exists(plan));
  EXPECT_EQ(steadfast({"plan", file("next.toml", drained()), "-o", plan, "--strict"}).code, 3);
  EXPECT_FALSE(std::filesystem::exists(plan));
}

TEST_F(CliWithDaemon, PlanRefusesAPlanWhoseSealIsBroken) {
  const std::string plan = dir_ / "plan.json";
  ASSERT_EQ(steadfast({"plan", file("next.toml", drained()), "-o", plan}).code, 0);
  const std::string altered = file("altered.json", replaced(read_file(plan), "tester", "nobody"));
  const Ran ran = steadfast({"plan", altered});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.out.find("altered after it was made"), std::string::npos) << ran.out;
}

}  // namespace
}  // namespace steadfast
