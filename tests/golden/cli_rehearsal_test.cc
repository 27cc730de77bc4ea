// SPDX-License-Identifier: Apache-2.0
// `steadfast test` as an operator or a build runs it; no daemon answers.
#include <filesystem>

#include "tests/golden/cli_fixture.h"

namespace steadfast {
namespace {

using golden::Json;
using golden::kConfig;
using golden::Ran;

constexpr char kPasses[] =
    "[[test]]\nname = \"forwarded\"\npacket = \"tcp 203.0.113.7:* > 192.0.2.10:443 syn\"\n"
    "expect = { verdict = \"forwarded\", max_share = \"50%\" }\n";
constexpr char kFails[] =
    "[[test]]\nname = \"tight\"\npacket = \"tcp 203.0.113.7:* > 192.0.2.10:443 syn\"\n"
    "expect = { max_share = \"12%\" }\n";
constexpr char kMisses[] =
    "[[test]]\nname = \"elsewhere\"\npacket = \"tcp 203.0.113.7:* > 192.0.2.10:444 syn\"\n"
    "expect = { verdict = \"not_service\" }\n";
constexpr char kAgainst[] =
    "[[test]]\nname = \"steady\"\nagainst = \"running\"\npacket = \"tcp 203.0.113.7:* > 192.0.2.10:443 "
    "syn\"\n"
    "expect = { max_moved = \"10%\" }\n";

class CliRehearsal : public golden::Cli {
 protected:
  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  const std::string config_ = file("edge.toml", kConfig);
};

TEST_F(CliRehearsal, PlaysTheTestsOfTheFileAndSaysWhich) {
  file("edge.test.toml", kPasses);
  file("edge.more.test.toml", kMisses);
  file("other.test.toml", kFails);
  const Ran ran = steadfast({"test", config_});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_TRUE(has(ran.err, "edge.more.test.toml, ") && has(ran.err, "edge.test.toml\n")) << ran.err;
  EXPECT_FALSE(has(ran.err, "other.test.toml"));
  EXPECT_TRUE(has(ran.err, "2 tests passed; 1 of 1 service tested")) << ran.err;
  EXPECT_TRUE(has(ran.out, "ok    forwarded\n")) << ran.out;
}

TEST_F(CliRehearsal, WithoutTestsOfItsOwnEveryTestInTheFolderIsPlayed) {
  file("edge2.test.toml", kPasses);
  file("shared.test.toml", kFails);
  const Ran ran = steadfast({"test", config_});
  EXPECT_EQ(ran.code, 1) << ran.err;
  EXPECT_TRUE(has(ran.err, "1 of 2 tests failed")) << ran.err;
  EXPECT_TRUE(has(ran.out, "max_share: expected at most 12%, got 50% (backend/web/web-0")) << ran.out;
}

TEST_F(CliRehearsal, NoTestAtAllIsAnErrorThatSaysHowToBegin) {
  const Ran ran = steadfast({"test", config_});
  EXPECT_EQ(ran.code, 2);
  EXPECT_TRUE(has(ran.err, "--init")) << ran.err;
  EXPECT_EQ(steadfast({"test", "-"}, kConfig).code, 2) << "standard input has no folder";
  EXPECT_EQ(steadfast({"test", config_, dir_ / "absent.test.toml"}).code, 2);
}

TEST_F(CliRehearsal, NamedFilesArePlayedAndNoOthers) {
  file("edge.test.toml", kFails);
  const Ran ran = steadfast({"test", config_, file("a.toml", kPasses), file("b.toml", kMisses)});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(has(ran.err, "2 tests passed")) << ran.err;
}

TEST_F(CliRehearsal, AFaultyConfigurationIsShownInsteadOfTests) {
  const std::string broken = file("broken.toml", replaced(kConfig, "pool = \"web\"\n", "pool = \"wbe\"\n"));
  const Ran ran = steadfast({"test", broken, file("a.toml", kPasses), "--json"});
  EXPECT_EQ(ran.code, 1);
  const Json json = Json::parse(ran.out);
  EXPECT_EQ(json["errors"], 1);
  EXPECT_EQ(json["passed"], 0);
  EXPECT_TRUE(json["tests"].empty());
}

TEST_F(CliRehearsal, FaultyTestsAreShownWithTheirLine) {
  const std::string tests = file("a.toml", replaced(kPasses, "max_share", "max_shaer"));
  const Ran ran = steadfast({"test", config_, tests});
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(has(ran.out, "SF101") && has(ran.out, tests + ":4:35") && has(ran.out, "4 | expect ="))
      << ran.out;
}

TEST_F(CliRehearsal, GatesDoNotStandInTheWayAndWarningsOnlyWhenStrict) {
  const std::string gated =
      file("gated.toml", replaced(kConfig, "min_healthy", "max_share = \"10%\"\nmin_healthy"));
  const std::string tests = file("a.toml", kPasses);
  EXPECT_EQ(steadfast({"test", gated, tests}).code, 0);
  const std::string warned = file("warned.toml", replaced(kConfig, "198.51.100.0/24", "198.51.100.1"));
  EXPECT_EQ(steadfast({"test", warned, tests}).code, 0);
  EXPECT_EQ(steadfast({"test", warned, tests, "--strict"}).code, 3);
}

TEST_F(CliRehearsal, AServiceWithoutATestIsNoted) {
  const Ran ran = steadfast({"test", config_, file("a.toml", kMisses), "--json"});
  EXPECT_EQ(ran.code, 0);
  const Json json = Json::parse(ran.out);
  EXPECT_EQ(json["findings"][0]["code"], "SF912");
  EXPECT_EQ(json["coverage"], (Json{{"services", 1}, {"tested", 0}}));
}

TEST_F(CliRehearsal, FirstTestsPassAndAreNotWrittenOver) {
  const std::string out = dir_ / "edge.test.toml";
  const Ran init = steadfast({"test", config_, "--init", "-o", out});
  EXPECT_EQ(init.code, 0) << init.err;
  EXPECT_EQ(golden::read_file(out), steadfast({"test", config_, "--init"}).out);
  EXPECT_EQ(steadfast({"test", config_, "--init", "-o", out}).code, 2);
  const Ran ran = steadfast({"test", config_, "--mutate", "--mutants", "40", "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const Json mutation = Json::parse(ran.out)["mutation"];
  EXPECT_EQ(mutation["mutants"], 40);
  EXPECT_GE(mutation["score"], 0.8) << ran.out;
}

TEST_F(CliRehearsal, WhatRunsIsNamedOrTheFileItself) {
  const std::string tests = file("a.toml", kAgainst);
  const Ran alone = steadfast({"test", config_, tests});
  EXPECT_EQ(alone.code, 0) << alone.out;
  EXPECT_TRUE(has(alone.err, "no daemon answers")) << alone.err;
  const std::string base = file("base.toml", replaced(kConfig, "weight = 100", "weight = 900"));
  const Ran against = steadfast({"test", config_, tests, "--against", base});
  EXPECT_EQ(against.code, 1) << against.out;
  EXPECT_TRUE(has(against.out, "max_moved: expected at most 10%, got 39.84% (service/web)")) << against.out;
}

TEST_F(CliRehearsal, MutantsNeedTestsThatPass) {
  const Ran ran = steadfast({"test", config_, file("a.toml", kFails), "--mutate"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(has(ran.err, "no mistakes were made")) << ran.err;
}

TEST_F(CliRehearsal, WritesJunit) {
  const std::string out = dir_ / "junit.xml";
  EXPECT_EQ(steadfast({"test", config_, file("a.toml", kFails), "--junit", out}).code, 1);
  EXPECT_TRUE(has(golden::read_file(out), "<failure message=\"max_share: expected at most 12%"));
  EXPECT_EQ(steadfast({"test", config_, dir_ / "a.toml", "--junit", dir_ / "no/such/folder"}).code, 2);
}

TEST_F(CliRehearsal, LiveNeedsADaemon) {
  const Ran ran = steadfast({"test", config_, file("a.toml", kPasses), "--engine", "live"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_TRUE(has(ran.err, "control.sock")) << ran.err;
}

TEST_F(CliRehearsal, ContradictionsAreUsage) {
  const std::string tests = file("a.toml", kPasses);
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"--init", tests},
                                             {"--init", "--mutate"},
                                             {"--init", "--json"},
                                             {tests, "-o", "x"},
                                             {tests, "--mutants", "3"},
                                             {tests, "--engine", "live", "--mutate"},
                                             {tests, "--engine", "qemu"}}) {
    std::vector<std::string> all{"test", config_};
    all.insert(all.end(), words.begin(), words.end());
    EXPECT_EQ(steadfast(all).code, 2) << words.front();
  }
}

}  // namespace
}  // namespace steadfast
