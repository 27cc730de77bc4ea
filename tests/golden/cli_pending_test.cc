// SPDX-License-Identifier: Apache-2.0
// Changes that wait: for a confirmation, for tests, in a sealed plan.
#include "tests/golden/cli_fixture.h"

namespace steadfast::golden {
namespace {

std::string reweighted() { return replaced(kConfig, "weight = 100", "weight = 90"); }

bool has(const Json& outcome, const std::string& code) {
  for (const Json& finding : outcome["findings"])
    if (finding["code"] == code) return true;
  return false;
}

TEST_F(CliWithDaemon, AChangeToBeConfirmedIsPendingUntilItIs) {
  const Ran ran = steadfast({"apply", file("next.toml", reweighted()), "--confirm", "60s"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out.rfind("generation 2 runs; it goes back to 1 by itself in 60 s: `steadfast confirm` keeps "
                          "it, `steadfast cancel` undoes it\n",
                          0),
            0u)
      << ran.out;
  EXPECT_EQ(running(), reweighted());
  const Json pending = json(steadfast({"status", "--json"}))["pending"];
  EXPECT_EQ(pending["generation"], 2);
  EXPECT_EQ(pending["previous"], 1);
  EXPECT_GT(pending["seconds_left"], 0);
  EXPECT_EQ(json(steadfast({"show", "generations", "--json"}))["generations"].back()["outcome"], "pending");

  const Ran kept = steadfast({"confirm", "--json"});
  EXPECT_EQ(kept.code, 0) << kept.err;
  EXPECT_EQ(json(kept)["verdict"], "applied");
  EXPECT_FALSE(json(steadfast({"status", "--json"})).contains("pending"));
  EXPECT_EQ(running(), reweighted());
}

TEST_F(CliWithDaemon, ACancelledChangeIsGoneAndSaysWhy) {
  EXPECT_EQ(steadfast({"apply", file("next.toml", reweighted()), "--confirm", "60s"}).code, 0);
  EXPECT_EQ(steadfast({"cancel", "--reason", "wrong file"}).code, 0);
  EXPECT_EQ(running(), kConfig);
  EXPECT_EQ(json(steadfast({"status", "--json"}))["generation"], 1);
  const Json undone = json(steadfast({"history", "--json"}))["generations"][0];
  EXPECT_EQ(undone["number"], 2);
  EXPECT_EQ(undone["outcome"], "cancelled");
  EXPECT_NE(undone["ended_because"].get<std::string>().find("wrong file"), std::string::npos) << undone;
}

TEST_F(CliWithDaemon, MoreTimeIsAdded) {
  EXPECT_EQ(steadfast({"apply", file("next.toml", reweighted()), "--confirm", "60s"}).code, 0);
  EXPECT_EQ(steadfast({"extend", "5m"}).code, 0);
  EXPECT_GT(json(steadfast({"status", "--json"}))["pending"]["seconds_left"], 300);
}

TEST_F(CliWithDaemon, NothingPendingIsNothingToDecide) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"confirm"}, {"extend", "60s"}, {"cancel"}}) {
    const Ran ran = steadfast(words);
    EXPECT_EQ(ran.code, 1) << words[0];
    EXPECT_NE(ran.out.find("refused"), std::string::npos) << ran.out;
    EXPECT_NE(ran.err, "") << words[0] << " says why";
  }
  EXPECT_EQ(running(), kConfig);
}

TEST_F(CliWithDaemon, ACanaryTakesItsFirstShare) {
  const Ran ran =
      steadfast({"apply", file("next.toml", reweighted()), "--canary", "5%:1h,50%:1h", "--confirm", "2h"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("for 5.00% of the new flows (stage 1 of 2)"), std::string::npos) << ran.out;
  const Json pending = json(steadfast({"status", "--json"}))["pending"];
  EXPECT_DOUBLE_EQ(pending["share"], 0.05);
  EXPECT_EQ(pending["stages"], 2);
}

TEST_F(CliWithDaemon, WhileOneChangeIsPendingAnotherIsRefused) {
  EXPECT_EQ(steadfast({"apply", file("next.toml", reweighted()), "--confirm", "60s"}).code, 0);
  const Ran ran = steadfast({"backend", "drain", "web", "web-01", "--json"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(has(json(ran), "SF512")) << ran.out;
  EXPECT_EQ(running(), reweighted());
}

// --- tests that go along ---

constexpr char kGoodTest[] = R"([[test]]
name = "https reaches the pool"
packet = "tcp 203.0.113.7:* > 192.0.2.10:443 syn"
expect = { verdict = "forwarded", pool = "web" }
)";

TEST_F(CliWithDaemon, TheTestsBesideTheFileArePlayedFirst) {
  const std::string path = file("next.toml", reweighted());
  file("next.test.toml", kGoodTest);
  const Ran ran = steadfast({"apply", path});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_NE(ran.err.find("next.test.toml"), std::string::npos) << ran.err;
  EXPECT_EQ(running(), reweighted());
}

TEST_F(CliWithDaemon, AFailedTestSaysWhichPacketWhatWasExpectedAndGot) {
  const std::string path = file("next.toml", reweighted());
  file("next.test.toml",
       replaced(kGoodTest, "verdict = \"forwarded\", pool = \"web\"", "verdict = \"no_backend\""));
  const Ran ran = steadfast({"apply", path});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.out.find("FAILED test \"https reaches the pool\""), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("tcp 203.0.113.7:* > 192.0.2.10:443 syn"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("verdict: expected no_backend, got forwarded"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("refused: 1 test failed, nothing was changed; generation 1 runs"), std::string::npos)
      << ran.out;
  EXPECT_EQ(running(), kConfig);
}

TEST_F(CliWithDaemon, AFindingAboutATestShowsALineOfTheTest) {
  const std::string path = file("next.toml", reweighted());
  file("next.test.toml", replaced(kGoodTest, "packet", "pakcet"));
  const Ran ran = steadfast({"apply", path});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.out.find("3 | pakcet = "), std::string::npos) << ran.out;
  EXPECT_EQ(running(), kConfig);
}

// --- sealed plans ---

TEST_F(CliWithDaemon, APlanIsAppliedToItsBaseAndToNoOther) {
  const std::string plan = dir_ / "next.plan";
  const Ran planned = steadfast({"plan", file("next.toml", reweighted()), "-o", plan});
  ASSERT_EQ(planned.code, 0) << planned.out << planned.err;
  EXPECT_EQ(steadfast({"backend", "set", "web", "web-02", "--weight", "95"}).code, 0);
  const std::string between = running();
  const Ran stale = steadfast({"apply", plan, "--json"});
  EXPECT_EQ(stale.code, 1);
  EXPECT_TRUE(has(json(stale), "SF505")) << stale.out;
  EXPECT_EQ(running(), between);

  EXPECT_EQ(steadfast({"plan", dir_ / "next.toml", "-o", plan}).code, 0);
  const Ran fresh = steadfast({"apply", plan});
  EXPECT_EQ(fresh.code, 0) << fresh.out << fresh.err;
  EXPECT_EQ(running(), reweighted());
  EXPECT_EQ(json(steadfast({"show", "generations", "--json"}))["generations"].back()["file"],
            dir_ / "next.toml");
}

TEST_F(CliWithDaemon, AnAlteredPlanIsNotSent) {
  const std::string plan = dir_ / "next.plan";
  ASSERT_EQ(steadfast({"plan", file("next.toml", reweighted()), "-o", plan}).code, 0);
  file("next.plan", replaced(read_file(plan), "weight = 90", "weight = 91"));
  const Ran ran = steadfast({"apply", plan, "--json"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(json(ran)["findings"][0]["code"], "SF105");
  EXPECT_EQ(running(), kConfig);
}

}  // namespace
}  // namespace steadfast::golden
