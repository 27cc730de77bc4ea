// SPDX-License-Identifier: Apache-2.0
// Changes: apply, everyday edits, rollback.
#include "tests/golden/cli_fixture.h"

namespace steadfast::golden {
namespace {

TEST_F(CliWithDaemon, ApplyRunsTheVeryBytesOfTheFile) {
  const std::string text = replaced(kConfig, "# the edge", "# the other edge");
  const Ran ran = steadfast({"apply", file("edge.toml", text), "--strict", "--json"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  const Json outcome = json(ran);
  EXPECT_EQ(outcome["verdict"], "applied");
  EXPECT_EQ(outcome["generation"], 2);
  EXPECT_EQ(outcome["error"], "");
  EXPECT_TRUE(outcome["timings"].contains("total_ms"));
  EXPECT_EQ(outcome["errors"], 0);
  EXPECT_EQ(running(), text);
  const Json journal = json(steadfast({"show", "generations", "--json"}));
  EXPECT_EQ(journal["generations"].back()["author"], "tester");
  EXPECT_EQ(journal["generations"].back()["file"], dir_ / "edge.toml");
}

TEST_F(CliWithDaemon, WhatShowConfigPrintsIsUnchanged) {
  const Ran ran = steadfast({"apply", "-"}, running());
  EXPECT_EQ(ran.code, 0);
  EXPECT_EQ(ran.out.rfind("unchanged", 0), 0u) << ran.out;
}

TEST_F(CliWithDaemon, AFileWithAnErrorIsRefusedAndNothingChanges) {
  const Ran ran = steadfast({"apply", file("bad.toml", with_error()), "--json"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(json(ran)["verdict"], "refused");
  EXPECT_EQ(json(ran)["generation"], 1) << "what runs is told although nothing was sent";
  EXPECT_EQ(json(ran)["findings"][0]["code"], "SF203");
  EXPECT_EQ(running(), kConfig);
}

TEST_F(CliWithDaemon, StrictRefusesAWarning) {
  const std::string path = file("warn.toml", with_warning());
  EXPECT_EQ(steadfast({"apply", path, "--strict"}).code, 3);
  EXPECT_EQ(running(), kConfig);
  EXPECT_EQ(steadfast({"apply", path}).code, 0);
  EXPECT_EQ(running(), with_warning());
}

TEST_F(CliWithDaemon, AGateIsAcceptedByCodeAndObjectWithAReason) {
  const std::string path = file("gate.toml", with_gate());
  const Ran gated = steadfast({"apply", path, "--json"});
  EXPECT_EQ(gated.code, 4);
  EXPECT_EQ(json(gated)["verdict"], "gated");
  EXPECT_EQ(running(), kConfig);
  EXPECT_EQ(steadfast({"apply", path, "--accept", "SF501:pool/web", "--reason", "x"}).code, 4)
      << "another gate";
  std::vector<std::string> words{"apply", path, "--reason", "CHG-7"};
  const Json findings = json(gated)["findings"];
  for (const Json& finding : findings) {
    if (finding["severity"] != "gate") continue;
    words.push_back("--accept");
    words.push_back(finding["code"].get<std::string>() + ":" + finding["object"].get<std::string>());
  }
  const Ran accepted = steadfast(words);
  EXPECT_EQ(accepted.code, 0) << accepted.out << accepted.err;
  EXPECT_EQ(running(), with_gate());
  const Json journal = json(steadfast({"show", "generations", "--json"}));
  EXPECT_EQ(journal["generations"].back()["reason"], "CHG-7");
  EXPECT_EQ(journal["generations"].back()["accepted"][0].get<std::string>().substr(0, 5), "SF404");
}

TEST_F(CliWithDaemon, WhatStandsInTheWayIsReadBeforeTheWarningsOfTheFile) {
  const std::string path = file("both.toml", replaced(with_gate(), "198.51.100.0/24", "198.51.100.1"));
  EXPECT_EQ(steadfast({"check", path}).out.rfind("warn ", 0), 0u) << "the file's own order";
  EXPECT_EQ(steadfast({"apply", path}).out.rfind("gate SF404", 0), 0u);
  const std::string planned = steadfast({"plan", path}).out;
  ASSERT_NE(planned.find("\nwarn "), std::string::npos) << planned;
  EXPECT_LT(planned.find("\ngate SF404"), planned.find("\nwarn ")) << planned;
}

TEST_F(CliWithDaemon, EverydayChangesEditTheTextAndKeepTheComments) {
  EXPECT_EQ(steadfast({"backend", "add", "web", "web-03", "--address", "10.0.2.12", "--weight", "100"}).code,
            0);
  EXPECT_EQ(steadfast({"backend", "drain", "web", "web-01"}).code, 0);
  Json backends = json(steadfast({"show", "backends", "--json"}))["backends"];
  ASSERT_EQ(backends.size(), 3u);
  EXPECT_EQ(backends[0]["state"], "drain");
  EXPECT_EQ(backends[0]["ring_share"], 0.0);
  EXPECT_NE(running().find("name = \"web-01\"  # first"), std::string::npos);
  EXPECT_EQ(steadfast({"backend", "undrain", "web", "web-01"}).code, 0);
  EXPECT_EQ(steadfast({"backend", "set", "web", "web-02", "--weight", "50"}).code, 0);
  EXPECT_EQ(steadfast({"backend", "remove", "web", "web-03"}).code, 0);
  backends = json(steadfast({"show", "backends", "--json"}))["backends"];
  ASSERT_EQ(backends.size(), 2u);
  EXPECT_EQ(backends[1]["weight"], 50);
}

TEST_F(CliWithDaemon, AnEditThatCannotBeMadeIsRefused) {
  EXPECT_EQ(steadfast({"backend", "drain", "web", "web-99"}).code, 1);
  EXPECT_EQ(steadfast({"backend", "drain", "wbe", "web-01"}).code, 1);
  EXPECT_EQ(steadfast({"backend", "add", "web", "web-01", "--address", "10.0.2.12", "--weight", "1"}).code,
            1);
  EXPECT_EQ(steadfast({"backend", "add", "web", "web-04", "--address", "nonsense", "--weight", "1"}).code, 1);
  EXPECT_EQ(running(), kConfig);
}

TEST_F(CliWithDaemon, ABackendNamedLikeAVerbIsABackend) {
  EXPECT_EQ(steadfast({"backend", "add", "web", "show", "--address", "10.0.2.13", "--weight", "100"}).code,
            0);
  EXPECT_EQ(steadfast({"backend", "drain", "web", "show"}).code, 0);
  EXPECT_EQ(json(steadfast({"show", "backends", "--json"}))["backends"][2]["state"], "drain");
}

TEST_F(CliWithDaemon, RollbackRunsAnEarlierGenerationAgain) {
  EXPECT_EQ(steadfast({"backend", "set", "web", "web-02", "--weight", "50"}).code, 0);
  const Ran ran = steadfast({"rollback", "--to", "1", "--reason", "CHG-8", "--json"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_EQ(json(ran)["generation"], 3);
  EXPECT_EQ(running(), kConfig);
  EXPECT_NE(steadfast({"rollback", "--to", "99"}).code, 0);
  EXPECT_EQ(running(), kConfig);
}

}  // namespace
}  // namespace steadfast::golden
