// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/cli_fixture.h"

namespace steadfast::golden {
namespace {

TEST_F(Cli, UsageErrorsAreTwoAndSaySoOnStderr) {
  const std::vector<std::vector<std::string>> lines = {
      {},
      {"frobnicate"},
      {"check"},
      {"check", "a", "b"},
      {"check", "--frobnicate", "a"},
      {"check", "--json", "--sarif", "a"},
      {"backend"},
      {"backend", "remove", "web"},
      {"backend", "add", "web", "web-03"},
      {"backend", "add", "web", "web-03", "--address", "10.0.0.1", "--weight", "-1"},
      {"backend", "add", "web", "web-03", "--address", "10.0.0.1", "--weight", "0x10"},
      {"backend", "set", "web", "web-01"},
      {"backend", "set", "web", "web-01", "--port", "0"},
      {"backend", "set", "web", "web-01", "--port", "65536"},
      {"rollback", "--to", "x"},
      {"apply", "-", "--accept", "SF404:pool/web"},
      {"apply", "-", "--accept", "SF404:pool/web", "--reason", " "},
      {"apply", "-", "--accept", "everything", "--reason", "x"},
      {"trace"},
      {"trace", "tcp 203.0.113.7:1 > 192.0.2.10:443", "--pcap", "x"},
      {"trace", "--pcap", "x", "--save", "y"},
      {"explain"},
      {"explain", "SF000"},
      {"completion", "tcsh"},
      {"status", "extra"},
      {"doctor", "--json", "--sarif"},
      {"doctor", "--backend", "web"},
      {"doctor", "--backend", "/web-01"},
      {"doctor", "--backend", "web/web-01", "a.toml"},
      {"doctor", "--bpffs", "/x"},
      {"apply", "-", "--confirm", "60"},
      {"apply", "-", "--confirm", ""},
      {"apply", "-", "--auto-confirm"},
      {"apply", "-", "--canary", "5%"},
      {"apply", "-", "--canary", "50%:20s,5%:20s"},
      {"extend"},
      {"extend", "60"},
      {"extend", "0s"},
      {"confirm", "extra"},
      {"diff", "x"},
      {"diff", "1", "2", "--file", "x"},
      {"blame"},
      {"drops", "--count", "3"},
      {"drops", "--service", "web"},
      {"drops", "--follow", "--count", "0"},
      {"drops", "--follow", "--verdict", "forwarded"},
      {"drops", "--pcap", "x", "--json"},
      {"top", "extra"},
  };
  for (const auto& words : lines) {
    const Ran ran = steadfast(words);
    std::string line;
    for (const auto& word : words) line += word + " ";
    EXPECT_EQ(ran.code, 2) << line;
    EXPECT_EQ(ran.out, "") << line;
    EXPECT_NE(ran.err, "") << line;
    EXPECT_EQ(ran.err.find(socket_), std::string::npos) << line << "reached for the daemon: " << ran.err;
  }
}

TEST_F(Cli, HelpAndVersionAreData) {
  expect_golden("tests/golden/cli/help.txt", steadfast({"--help"}).out);
  expect_golden("tests/golden/cli/backend_add_help.txt", steadfast({"backend", "add", "--help"}).out);
  EXPECT_EQ(steadfast({"--help"}).code, 0);
  EXPECT_EQ(steadfast({"--version"}).code, 0);
}

TEST_F(Cli, EveryVerbNeedsADaemonOrSaysThereIsNone) {
  const std::vector<std::vector<std::string>> lines = {{"status"},
                                                       {"show", "services"},
                                                       {"show", "pools"},
                                                       {"show", "backends"},
                                                       {"show", "flows"},
                                                       {"show", "drops"},
                                                       {"show", "config"},
                                                       {"show", "generations"},
                                                       {"drops"},
                                                       {"drops", "--follow"},
                                                       {"top"},
                                                       {"rollback"},
                                                       {"confirm"},
                                                       {"extend", "60s"},
                                                       {"cancel"},
                                                       {"history"},
                                                       {"diff"},
                                                       {"blame", "pool/web"},
                                                       {"backend", "drain", "web", "web-01"},
                                                       {"trace", "udp 203.0.113.7:1 > 192.0.2.10:53"}};
  for (const auto& words : lines) {
    const Ran ran = steadfast(words);
    EXPECT_EQ(ran.code, 2) << words.back();
    EXPECT_EQ(ran.out, "") << words.back();
    EXPECT_NE(ran.err.find(socket_), std::string::npos) << ran.err;
  }
}

TEST_F(Cli, TheOptionWinsOverTheEnvironment) {
  EXPECT_NE(steadfast({"status", "--control", "/nowhere/a"}).err.find("/nowhere/a"), std::string::npos);
  EXPECT_NE(steadfast({"--control", "/nowhere/b", "status"}).err.find("/nowhere/b"), std::string::npos);
}

TEST_F(Cli, CheckExitsByTheWorstThatStandsInTheWay) {
  EXPECT_EQ(steadfast({"check", file("a", kConfig)}).code, 0);
  EXPECT_EQ(steadfast({"check", file("a", kConfig), "--strict"}).code, 0);
  EXPECT_EQ(steadfast({"check", file("b", with_error())}).code, 1);
  EXPECT_EQ(steadfast({"check", file("c", with_warning())}).code, 0);
  EXPECT_EQ(steadfast({"check", file("c", with_warning()), "--strict"}).code, 3);
  EXPECT_EQ(steadfast({"check", file("d", with_gate())}).code, 4);
  EXPECT_EQ(steadfast({"check", dir_ / "missing"}).code, 2);
}

TEST_F(Cli, CheckReadsStandardInput) {
  const Ran ran = steadfast({"check", "-", "--json"}, with_error());
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(json(ran)["findings"][0]["file"], "<stdin>");
}

TEST_F(Cli, CheckJsonHasTheKeysOfTheContract) {
  const std::string path = file("bad.toml", with_error());
  const Json report = json(steadfast({"check", path, "--json"}));
  EXPECT_EQ(report["errors"], 1);
  EXPECT_EQ(report["gates"], 0);
  EXPECT_EQ(report["warnings"].is_number(), true);
  const Json& finding = report["findings"][0];
  EXPECT_EQ(finding["code"], "SF203");
  EXPECT_EQ(finding["severity"], "error");
  EXPECT_EQ(finding["file"], path);
  EXPECT_EQ(finding["line"], 18);
  for (const char* key : {"message", "column", "object", "fix"}) EXPECT_TRUE(finding.contains(key)) << key;
}

TEST_F(Cli, CheckPrintsSarif) {
  const Json sarif = json(steadfast({"check", file("bad.toml", with_error()), "--sarif"}));
  EXPECT_EQ(sarif["version"], "2.1.0");
}

TEST_F(Cli, AnEmptySelectorIsRefusedBeforeAnythingIsSent) {
  for (const char* verb : {"drain", "undrain", "remove"}) {
    for (const auto& [pool, name] : {std::pair{"", "web-01"}, {"web", ""}, {" ", " "}}) {
      const Ran ran = steadfast({"backend", verb, pool, name, "--json"});
      EXPECT_EQ(ran.code, 1) << verb;
      EXPECT_EQ(json(ran)["findings"][0]["code"], "SF506") << verb;
      EXPECT_EQ(json(ran)["verdict"], "refused") << verb;
    }
  }
}

TEST_F(Cli, TraceOfAFileNeedsNoDaemon) {
  const std::string path = file("edge.toml", kConfig);
  const std::string in = dir_ / "in.pcap", out = dir_ / "out.pcap";
  const Ran ran = steadfast({"trace", "tcp 203.0.113.7:* > 192.0.2.10:443 syn", "--file", path, "--json",
                             "--save", in, "--write", out});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.err.find("traced as 40000"), std::string::npos);
  const Json answer = json(ran);
  EXPECT_EQ(answer["verdict"], "forwarded");
  EXPECT_EQ(answer["service"], "web");
  EXPECT_EQ(answer["file"], path);
  EXPECT_TRUE(answer["line"] == 23 || answer["line"] == 27) << answer["line"];

  const Json again = json(steadfast({"trace", "--pcap", in, "--file", path, "--json"}));
  EXPECT_EQ(again["answers"].size(), 1u);
  EXPECT_EQ(again["answers"][0]["out"], answer["out"]);
  EXPECT_EQ(again["verdicts"]["forwarded"], 1);

  // What left is for the backend: back in, it is for nobody here.
  const Ran lines = steadfast({"trace", "--pcap", out, "--file", path});
  EXPECT_EQ(lines.out, "1  not_transport\n\n1 packet\n  not_transport  1\n");
}

TEST_F(Cli, TraceRefusesWhatItCannotAnswerHonestly) {
  const std::string path = file("edge.toml", kConfig);
  const Ran words = steadfast({"trace", "tcp nonsense", "--file", path});
  EXPECT_EQ(words.code, 2);
  EXPECT_NE(words.err.find("incomplete"), std::string::npos);
  const Ran refused =
      steadfast({"trace", "tcp 203.0.113.7:1 > 192.0.2.10:443", "--file", file("bad", with_error())});
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.out.find("SF203"), std::string::npos);
  const Ran no_capture = steadfast({"trace", "--pcap", path, "--file", path});
  EXPECT_EQ(no_capture.code, 2);
  EXPECT_NE(no_capture.err, "");
}

// A capture header of another link type, and one with a shortened packet.
std::string capture(unsigned char link_type, bool shortened) {
  std::string bytes("\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x00\x00", 20);
  bytes += std::string{static_cast<char>(link_type), 0, 0, 0};
  if (shortened) bytes += std::string("\0\0\0\0\0\0\0\0\x02\0\0\0\x3c\0\0\0ab", 18);
  return bytes;
}

TEST_F(Cli, TraceTakesOnlyWholeEthernetFrames) {
  const std::string path = file("edge.toml", kConfig);
  const Ran cooked = steadfast({"trace", "--pcap", file("cooked", capture(113, false)), "--file", path});
  EXPECT_EQ(cooked.code, 2);
  EXPECT_NE(cooked.err.find("LINUX_SLL"), std::string::npos) << cooked.err;
  const Ran shortened = steadfast({"trace", "--pcap", file("short", capture(1, true)), "--file", path});
  EXPECT_EQ(shortened.code, 2);
  EXPECT_NE(shortened.err.find("2 of its 60 bytes"), std::string::npos) << shortened.err;
  const Ran empty = steadfast({"trace", "--pcap", file("empty", capture(1, false)), "--file", path});
  EXPECT_EQ(empty.code, 0);
  EXPECT_EQ(empty.out, "\n0 packets\n");
}

TEST_F(Cli, ExplainKnowsRulesAndVerdicts) {
  EXPECT_EQ(steadfast({"explain", "SF506"}).code, 0);
  EXPECT_EQ(json(steadfast({"explain", "SF506", "--json"}))["code"], "SF506");
  EXPECT_EQ(json(steadfast({"explain", "no_backend", "--json"}))["kind"], "dropped-by-configuration");
}

TEST_F(Cli, ReferencePagesAreFresh) {
  expect_golden("docs/cli.md", steadfast({"reference", "cli"}).out);
  expect_golden("docs/metrics.md", steadfast({"reference", "metrics"}).out);
  expect_golden("docs/rules.md", steadfast({"reference", "rules"}).out);
  expect_golden("docs/verdicts.md", steadfast({"reference", "verdicts"}).out);
}

TEST_F(Cli, TheManPageFormatsWithoutAWarning) {
  const std::string page = steadfast({"reference", "man"}).out;
  expect_golden("tests/golden/cli/steadfast.1", page);
  if (run({"which", "groff"}).code != 0) GTEST_SKIP() << "groff is not installed";
  const Ran formatted = run({"groff", "-man", "-Tascii", "-ww", file("steadfast.1", page)});
  EXPECT_EQ(formatted.code, 0);
  EXPECT_EQ(formatted.err, "");
  EXPECT_NE(formatted.out, "");
}

// What the bash completion offers after `words`, the last of which is being typed.
std::string offered(const std::string& script, const std::string& words) {
  return run({"bash", "-c",
              script + "\nCOMP_WORDS=(" + words +
                  "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _steadfast; echo \"${COMPREPLY[*]}\""})
      .out;
}

TEST_F(Cli, BashCompletesVerbsOptionsAndWords) {
  const std::string script = steadfast({"completion", "bash"}).out;
  EXPECT_EQ(offered(script, "steadfast ba"), "backend\n");
  EXPECT_EQ(offered(script, "steadfast backend un"), "undrain\n");
  EXPECT_EQ(offered(script, "steadfast backend set web web-01 --we"), "--weight\n");
  EXPECT_EQ(offered(script, "steadfast show gen"), "generations\n");
  EXPECT_EQ(offered(script, "steadfast --control /tmp/s sta"), "status\n");
  EXPECT_EQ(offered(script, "steadfast completion z"), "zsh\n");
  EXPECT_EQ(offered(script, "steadfast backend drain show drops --js"), "--json\n");
  EXPECT_EQ(offered(script, "steadfast ref"), "\n") << "a hidden verb stays hidden";
}

TEST_F(Cli, EveryShellHasAScript) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Ran ran = steadfast({"completion", shell});
    EXPECT_EQ(ran.code, 0);
    expect_golden(std::string("tests/golden/cli/completion.") + shell, ran.out);
  }
}

TEST_F(CliWithDaemon, TheDaemonAndTheFileGiveTheSameTrace) {
  const std::string path = file("edge.toml", kConfig);
  for (const char* packet :
       {"tcp 203.0.113.7:1234 > 192.0.2.10:443 syn", "tcp 203.0.113.8:1234 > 192.0.2.10:443 ack",
        "udp 203.0.113.7:1234 > 192.0.2.10:443", "tcp [2001:db8::7]:1 > [2001:db8::8]:2 syn"}) {
    Json there = json(steadfast({"trace", packet, "--json"}));
    Json here = json(steadfast({"trace", packet, "--json", "--file", path}));
    there.erase("file");
    here.erase("file");
    EXPECT_EQ(there, here) << packet;
  }
}

TEST_F(CliWithDaemon, EveryShowVerbPrintsATableAndTheSameAsJson) {
  for (const char* noun : {"services", "pools", "backends", "flows", "drops", "generations"}) {
    const Ran table = steadfast({"show", noun});
    EXPECT_EQ(table.code, 0) << noun;
    EXPECT_NE(table.out, "") << noun;
    EXPECT_EQ(table.out.find('\x1b'), std::string::npos) << "no colour off a terminal";
    EXPECT_TRUE(json(steadfast({"show", noun, "--json"})).is_object()) << noun;
  }
  EXPECT_EQ(json(steadfast({"show", "config", "--json"}))["text"], kConfig);
  EXPECT_EQ(json(steadfast({"status", "--json"}))["generation"], 1);
  EXPECT_EQ(steadfast({"drops"}).out, steadfast({"show", "drops"}).out);
}

}  // namespace
}  // namespace steadfast::golden
