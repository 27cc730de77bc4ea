// SPDX-License-Identifier: Apache-2.0
// What the journal tells: diff, blame, history.
#include "tests/golden/cli_fixture.h"

namespace steadfast::golden {
namespace {

std::string reweighted() { return replaced(kConfig, "weight = 100", "weight = 90"); }

TEST_F(CliWithDaemon, DiffNamesWhatEachGenerationChanged) {
  EXPECT_EQ(steadfast({"backend", "set", "web", "web-02", "--weight", "95"}).code, 0);
  EXPECT_EQ(steadfast({"apply", file("next.toml", reweighted())}).code, 0);
  const Json last = json(steadfast({"diff", "--json"}));
  EXPECT_EQ(last["before"], 2);
  EXPECT_EQ(last["after"], 3);
  ASSERT_EQ(last["objects"].size(), 2u);
  const Json all = json(steadfast({"diff", "1", "--json"}));
  ASSERT_EQ(all["objects"].size(), 1u);
  EXPECT_EQ(all["objects"][0]["object"], "backend/web/web-01");
  EXPECT_EQ(all["objects"][0]["fields"][0]["key"], "weight");
  EXPECT_EQ(all["objects"][0]["fields"][0]["before"], "100");
  EXPECT_EQ(all["objects"][0]["fields"][0]["after"], "90");
  EXPECT_EQ(json(steadfast({"diff", "1", "2", "--json"}))["objects"][0]["object"], "backend/web/web-02");
  EXPECT_EQ(steadfast({"diff", "1", "1"}).out, "generation 1 -> generation 1: no object differs\n");
}

TEST_F(CliWithDaemon, DiffComparesAFileWithWhatRuns) {
  const std::string path = file("next.toml", reweighted());
  const Json diff = json(steadfast({"diff", "--file", path, "--json"}));
  EXPECT_EQ(diff["before"], 1);
  EXPECT_EQ(diff["after"], 0);
  EXPECT_EQ(diff["after_file"], path);
  EXPECT_EQ(diff["objects"][0]["object"], "backend/web/web-01");
  EXPECT_EQ(steadfast({"diff", "1", "1", "--file", path}).code, 2);
  EXPECT_EQ(steadfast({"diff", "--file", file("bad.toml", "schema = 1\nnonsense")}).code, 2);
}

TEST_F(CliWithDaemon, DiffKnowsWhereTheJournalEnds) {
  EXPECT_EQ(steadfast({"diff"}).code, 2) << "nothing was before the first generation";
  const Ran unknown = steadfast({"diff", "1", "99"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_NE(unknown.err.find("generation 99"), std::string::npos) << unknown.err;
}

TEST_F(CliWithDaemon, BlameNamesWhoTouchedAnObjectLast) {
  EXPECT_EQ(steadfast({"backend", "set", "web", "web-02", "--weight", "95", "--reason", "CHG-9"}).code, 0);
  EXPECT_EQ(steadfast({"backend", "set", "web", "web-01", "--weight", "95"}).code, 0);
  const Json blame = json(steadfast({"blame", "backend/web/web-02", "--json"}));
  EXPECT_EQ(blame["generation"]["number"], 2);
  EXPECT_EQ(blame["generation"]["author"], "tester");
  EXPECT_EQ(blame["generation"]["reason"], "CHG-9");
  EXPECT_EQ(blame["change"]["fields"][0]["after"], "95");
  EXPECT_EQ(blame["line"], 27);
  EXPECT_EQ(blame["older"], false);
  EXPECT_EQ(json(steadfast({"blame", "pool/web", "--json"}))["older"], true);
  EXPECT_NE(steadfast({"blame", "backend/web/web-02"}).out.find("CHG-9"), std::string::npos);
}

TEST_F(CliWithDaemon, BlameFindsWhatWasRemoved) {
  EXPECT_EQ(steadfast({"backend", "add", "web", "web-03", "--address", "10.0.2.12", "--weight", "100"}).code,
            0);
  EXPECT_EQ(steadfast({"backend", "remove", "web", "web-03"}).code, 0);
  const Json blame = json(steadfast({"blame", "backend/web/web-03", "--json"}));
  EXPECT_EQ(blame["generation"]["number"], 3);
  EXPECT_EQ(blame["change"]["kind"], "removed");
}

TEST_F(CliWithDaemon, BlameOfAnUnknownObjectSuggestsOne) {
  const Ran ran = steadfast({"blame", "backend/web/web-1"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("did you mean \"backend/web/web-01\""), std::string::npos) << ran.err;
}

TEST_F(CliWithDaemon, BlameDoesNotBelieveWhatWasUndone) {
  EXPECT_EQ(steadfast({"apply", file("next.toml", reweighted()), "--confirm", "60s"}).code, 0);
  EXPECT_EQ(steadfast({"cancel"}).code, 0);
  EXPECT_EQ(json(steadfast({"blame", "backend/web/web-01", "--json"}))["older"], true);
}

TEST_F(CliWithDaemon, HistoryTellsTheNewestFirst) {
  EXPECT_EQ(steadfast({"backend", "set", "web", "web-02", "--weight", "95", "--reason", "CHG-9"}).code, 0);
  const Json history = json(steadfast({"history", "--json"}))["generations"];
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[0]["number"], 2);
  const std::string told = steadfast({"history"}).out;
  EXPECT_LT(told.find("CHG-9"), told.find("setup"));
}

}  // namespace
}  // namespace steadfast::golden
