// SPDX-License-Identifier: Apache-2.0
// The program itself, run as an operator or a script runs it, against a daemon's
// control server over the host engine.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "check/check.h"
#include "compile/tables.h"
#include "control/host_balancer.h"
#include "control/server.h"
#include "kernel/host_kernel.h"
#include "tests/golden/golden.h"
#include "tests/golden/run.h"

namespace steadfast {
namespace {

using golden::Ran;
using Json = nlohmann::json;

// Without a finding, so that --strict passes too.
constexpr char kConfig[] = R"(# the edge
schema = 1
[host]
interfaces = ["eth0"]
xdp_mode = "native"
source = ["198.51.100.0/24"]
hash_seed = "edge-fleet-1"
[limits]
services = 16
backends = 64
flows = "10K"
[[service]]
name = "web"
vip = "192.0.2.10"
protocol = "tcp"
port = 443
forward = "ipip"
pool = "web"
[[pool]]
name = "web"
min_healthy = "50%"
health = { type = "tcp", interval = "2s", timeout = "1s", fall = 3, rise = 2 }
[[pool.backend]]
name = "web-01"  # first
address = "10.0.2.10"
weight = 100
[[pool.backend]]
name = "web-02"
address = "10.0.2.11"
weight = 100
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string with_error() { return replaced(kConfig, "pool = \"web\"\n", "pool = \"wbe\"\n"); }
std::string with_warning() { return replaced(kConfig, "198.51.100.0/24", "198.51.100.1"); }
std::string with_gate() { return replaced(kConfig, "min_healthy", "max_share = \"10%\"\nmin_healthy"); }

// Nobody listens: what needs no daemon, and what says that there is none.
class Cli : public testing::Test {
 protected:
  Ran steadfast(std::vector<std::string> words, const std::string& input = {}) const {
    words.insert(words.begin(), STEADFAST_CLI);
    return golden::run(std::move(words), input,
                       {"PATH=/usr/bin:/bin", "USER=tester", "STEADFAST_CONTROL=" + socket_});
  }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(dir_ / name) << text;
    return dir_ / name;
  }
  static Json json(const Ran& ran) {
    Json parsed = Json::parse(ran.out, nullptr, false);
    EXPECT_FALSE(parsed.is_discarded()) << ran.out << ran.err;
    return parsed;
  }

  TempDir dir_;
  std::string socket_ = dir_ / "control.sock";
};

// A daemon on the host engine, with a journal and with kConfig running.
class CliWithDaemon : public Cli {
 protected:
  void SetUp() override {
    auto journal = Journal::open(dir_ / "journal");
    ASSERT_TRUE(journal) << journal.error().what;
    auto opened = LiveBalancer::open(kernel_, limits_, pretended_surroundings(), std::move(*journal));
    ASSERT_TRUE(opened) << opened.error().what;
    balancer_ = std::move(*opened);
    ASSERT_EQ(balancer_->apply({kConfig, "edge.toml", "", "setup", "", {}}).verdict, Verdict::applied);
    server_ = std::make_unique<ControlServer>(*balancer_, ControlServer::Options{socket_, ""});
    const auto started = server_->start();
    ASSERT_TRUE(started) << started.error().what;
  }
  std::string running() const { return steadfast({"show", "config"}).out; }

  Limits limits_ = check(kConfig, "edge.toml").model->limits;
  HostKernel kernel_{capacity_for(limits_, 1)};
  std::unique_ptr<LiveBalancer> balancer_;
  std::unique_ptr<ControlServer> server_;
};

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
  golden::expect_golden("tests/golden/cli/help.txt", steadfast({"--help"}).out);
  golden::expect_golden("tests/golden/cli/backend_add_help.txt", steadfast({"backend", "add", "--help"}).out);
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
                                                       {"rollback"},
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
  golden::expect_golden("docs/cli.md", steadfast({"reference", "cli"}).out);
  golden::expect_golden("docs/metrics.md", steadfast({"reference", "metrics"}).out);
  golden::expect_golden("docs/rules.md", steadfast({"reference", "rules"}).out);
  golden::expect_golden("docs/verdicts.md", steadfast({"reference", "verdicts"}).out);
}

TEST_F(Cli, TheManPageFormatsWithoutAWarning) {
  const std::string page = steadfast({"reference", "man"}).out;
  golden::expect_golden("tests/golden/cli/steadfast.1", page);
  if (golden::run({"which", "groff"}).code != 0) GTEST_SKIP() << "groff is not installed";
  const Ran formatted = golden::run({"groff", "-man", "-Tascii", "-ww", file("steadfast.1", page)});
  EXPECT_EQ(formatted.code, 0);
  EXPECT_EQ(formatted.err, "");
  EXPECT_NE(formatted.out, "");
}

// What the bash completion offers after `words`, the last of which is being typed.
std::string offered(const std::string& script, const std::string& words) {
  return golden::run({"bash", "-c",
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
    golden::expect_golden(std::string("tests/golden/cli/completion.") + shell, ran.out);
  }
}

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
}  // namespace steadfast
