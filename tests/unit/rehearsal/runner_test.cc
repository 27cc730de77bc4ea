// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/runner.h"

#include <map>
#include <set>

#include "rehearsal_lab.h"

namespace steadfast::rehearsal {
namespace {

TEST(Runner, APassingTestHasNoMismatch) {
  EXPECT_EQ(
      judged(kWeb,
             "verdict = \"forwarded\", service = \"web\", pool = \"web\", forward = \"ipip\", state = "
             "\"active\", not_state = \"drain\", max_share = \"51%\", min_share = \"24%\", min_backends = "
             "3, addresses = [\"10.0.2.11\", \"10.0.2.12\", \"10.0.2.13\"], not_backend = \"web-04\", "
             "outer_source = \"198.51.100.1\""),
      "");
}

struct Case {
  const char* name;
  const char* packet;
  const char* expect;
  const char* mismatch;  // how it begins
};

class RunnerMismatch : public testing::TestWithParam<Case> {};

TEST_P(RunnerMismatch, NamesKeyExpectedAndGot) {
  const std::string got = judged(GetParam().packet, GetParam().expect);
  EXPECT_EQ(got.substr(0, std::string(GetParam().mismatch).size()), GetParam().mismatch) << got;
}

constexpr char kOther[] = "tcp 203.0.113.7:* > 192.0.2.10:444 syn";
constexpr char kBig[] = "tcp 203.0.113.7:* > 192.0.2.10:443 len 1460";

const Case kCases[] = {
    {"Verdict", kOther, "verdict = \"forwarded\"", "verdict: expected forwarded, got not_service\n"},
    {"VerdictOfEach", kBig, "verdict = \"forwarded\"",
     "verdict: expected forwarded, got too_big_answered for 2"},
    {"Service", kWeb, "service = \"dns\"", "service: expected dns, got web\n"},
    {"NoService", kOther, "service = \"web\"", "service: expected web, got none\n"},
    {"MisspeltService", kWeb, "service = \"wbe\"",
     "service: expected wbe, got web; there is no service \"wbe\" (did you mean \"web\"?)\n"},
    {"Pool", kWeb, "pool = \"dns\"", "pool: expected dns, got web\n"},
    {"NoPool", kOther, "pool = \"web\"", "pool: expected web, got none\n"},
    {"Forward", kWeb, "forward = \"gue\"", "forward: expected gue, got ipip\n"},
    {"MaxShare", kWeb, "max_share = \"12%\"",
     "max_share: expected at most 12%, got 50% (backend/web/web-03)\n"},
    {"MinShare", kWeb, "min_share = \"26%\"",
     "min_share: expected at least 26%, got 24.8% (backend/web/web-02)\n"},
    {"ShareOfNobody", kOther, "max_share = \"12%\"",
     "max_share: expected at most 12%, got no backend gets new flows\n"},
    {"MinBackends", kWeb, "min_backends = 4", "min_backends: expected at least 4, got 3\n"},
    {"Addresses", kDns, "addresses = [\"2001:db8:2::11\", \"2001:db8:2::13\"]",
     "addresses: expected 2001:db8:2::11, 2001:db8:2::13, got 2001:db8:2::11, 2001:db8:2::12 (without "
     "2001:db8:2::13, besides 2001:db8:2::12)\n"},
    {"NotBackend", kWeb, "not_backend = \"web-01\"",
     "not_backend: expected never web-01, got 25.2% (backend/web/web-01)\n"},
    {"MisspeltNotBackend", kWeb, "not_backend = \"web-0l\"",
     "not_backend: expected a backend's name, got there is no backend \"web-0l\""},
    {"NotState", kWeb, "not_state = \"active\"",
     "not_state: expected not active, got active (backend/web/web-01)\n"},
    {"State", kWeb, "state = \"drain\"", "state: expected drain, got active (backend/web/web-01)\n"},
    {"StateOfNobody", kOther, "not_state = \"drain\"",
     "not_state: expected not drain, got no backend gets new flows\n"},
    {"OuterSource", kWeb, "outer_source = \"198.51.100.2\"",
     "outer_source: expected in 198.51.100.2, got 198.51.100.1\n"},
    {"NoOuterSource", kDns, "outer_source = \"2001:db8::/32\"",
     "outer_source: expected in 2001:db8::/32, got no outer header\n"},
    {"Parked", "tcp 203.0.113.7:* > 192.0.2.99:80 syn", "verdict = \"forwarded\"",
     "verdict: expected forwarded, got not_service\n"},
};

INSTANTIATE_TEST_SUITE_P(Each, RunnerMismatch, testing::ValuesIn(kCases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(Runner, AConcretePortIsOneFlow) {
  const std::string packet = "tcp 203.0.113.7:40000 > 192.0.2.10:443 syn";
  const std::string got = judged(packet, "backend = \"nobody\"");
  const auto at = got.find("got web-0");
  ASSERT_NE(at, std::string::npos) << got;
  EXPECT_NE(got.find("there is no backend \"nobody\""), std::string::npos);
  const std::string chosen = got.substr(at + 4, 6);
  EXPECT_EQ(judged(packet, "backend = \"" + chosen + "\""), "");
  EXPECT_NE(judged(packet, "not_backend = \"" + chosen + "\""), "");
}

TEST(Runner, SharesOfBothFamiliesAreExact) {
  EXPECT_EQ(judged(kDns, "min_share = \"50%\", max_share = \"50%\", forward = \"l2\""), "");
}

std::string down(const std::string& entry) { return "given = { down = [\"" + entry + "\"] }\n"; }

TEST(Given, ABackendIsNamedInThreeWays) {
  for (const char* entry : {"web-03", "web/web-03"})
    EXPECT_EQ(judged(kWeb, "min_share = \"49%\", addresses = [\"10.0.2.11\", \"10.0.2.12\"]", down(entry)),
              "")
        << entry;
  EXPECT_EQ(judged(kWeb, "addresses = [\"10.0.2.11\"]", down("rack=r2")), "");
}

TEST(Given, WhatNamesNothingFailsTheTest) {
  for (const char* entry : {"web-3", "dns/web-03", "rack=r9", "rack", "=r2", "r2"}) {
    const std::string got = judged(kWeb, "verdict = \"forwarded\"", down(entry));
    EXPECT_EQ(got.substr(0, 10), "given.down") << got;
  }
  EXPECT_NE(judged(kWeb, "verdict = \"forwarded\"", down("web-3")).find("did you mean \"web-0"),
            std::string::npos);
}

TEST(Given, LosingEveryBackendIsNoBackend) {
  EXPECT_EQ(judged(kWeb, "verdict = \"no_backend\", service = \"web\"",
                   "given = { down = [\"rack=r1\", \"rack=r2\", \"rack=r3\"] }\n"),
            "");
}

TEST(Given, DoesNotOutliveItsTest) {
  const std::string text = test_text(kWeb, "max_share = \"51%\"") +
                           "[[test]]\nname = \"b\"\ngiven = { down = [\"web-03\"] }\npacket = \"" + kWeb +
                           "\"\nexpect = { addresses = [\"10.0.2.11\", \"10.0.2.12\"] }\n" +
                           "[[test]]\nname = \"c\"\npacket = \"" + kWeb +
                           "\"\nexpect = { min_backends = 3 }\n";
  const TestReport report = played(text, edge());
  ASSERT_EQ(report.results.size(), 3u);
  for (const TestResult& result : report.results) EXPECT_EQ(mismatches(result), "") << result.name;
  EXPECT_EQ(report.results[1].name, "b") << "results stand in the order of the file";
}

// Remembers which models were shown.
class RecordingStage final : public Stage {
 public:
  Result<Scene> set(const Model& model) override {
    std::size_t disabled = 0;
    for (const Backend& backend : model.pools.front().backends)
      disabled += backend.state == BackendState::disabled ? 1 : 0;
    shown.push_back(disabled);
    if (fail_set) return Error{"no room"};
    return stage_.set(model);
  }
  Result<Answer> run(std::span<const std::uint8_t> frame) override {
    if (fail_run) return Error{"engine gone"};
    auto answer = stage_.run(frame);
    if (answer && spoil) spoil(*answer);
    return answer;
  }
  std::vector<std::size_t> shown;
  bool fail_set = false, fail_run = false;
  std::function<void(Answer&)> spoil;

 private:
  EngineStage stage_{open_host_engine};
};

TEST(Runner, TestsWithTheSameGivenShareAStageAndTheModelComesLast) {
  std::string text = test_text(kWeb, "min_backends = 3");
  for (const char* name : {"b", "c"})
    text += "[[test]]\nname = \"" + std::string(name) + "\"\ngiven = { down = [\"rack=r2\"] }\npacket = \"" +
            kWeb + "\"\nexpect = { min_backends = 1 }\n";
  RecordingStage stage;
  ASSERT_TRUE(play({tests_of(text)}, edge(), {}, stage)->passed());
  EXPECT_EQ(stage.shown, (std::vector<std::size_t>{2, 0}));
}

TEST(Runner, ShowsTheModelEvenWithoutATestOnIt) {
  RecordingStage stage;
  const Model model = edge();
  ASSERT_TRUE(play({}, model, {}, stage).has_value());
  EXPECT_EQ(stage.shown, (std::vector<std::size_t>{0}));
}

TEST(Runner, AStageThatFailsIsAnErrorNotAVerdict) {
  const std::vector<TestFile> files{tests_of(test_text(kWeb, "verdict = \"forwarded\""))};
  RecordingStage no_room, no_answer;
  no_room.fail_set = no_answer.fail_run = true;
  EXPECT_EQ(play(files, edge(), {}, no_room).error().what, "no room");
  EXPECT_EQ(play(files, edge(), {}, no_answer).error().what, "test \"a test\": engine gone");
}

TEST(Runner, AnEngineThatContradictsItsTablesFailsTheTest) {
  RecordingStage stage;
  stage.spoil = [](Answer& answer) { answer.decision.backend = 1; };
  const auto report = play({tests_of(test_text(kWeb, "verdict = \"forwarded\""))}, edge(), {}, stage);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(mismatches(report->results.front()).substr(0, 16), "tables: expected")
      << mismatches(report->results.front());
}

// No source port of one client need meet so small a share: the row of the backend decides then.
TEST(Runner, AShareWithoutAPortIsJudgedByItsRow) {
  std::string toml = lab_config(kEdge);
  toml.replace(toml.find("weight = 200"), 12, "weight = 65535");
  const Model model = model_of(toml);
  EXPECT_EQ(judged(kWeb, "verdict = \"forwarded\", min_backends = 3", {}, model), "");
}

constexpr char kAgainst[] = "against = \"running\"\n";

TEST(Against, NothingRunningIsAMismatch) {
  EXPECT_EQ(judged(kWeb, "max_dropped = \"0%\"", kAgainst),
            "against: expected a running generation, got nothing runs to compare with\n");
}

TEST(Against, TheSameConfigurationMovesNothing) {
  const Model model = edge();
  EXPECT_EQ(judged(kWeb, "max_dropped = \"0%\", max_moved = \"0%\"", kAgainst, model, {&model, nullptr}), "");
}

TEST(Against, LosingABackendMovesItsShareExactly) {
  const Model model = edge();
  const std::string keys = std::string(kAgainst) + "given = { down = [\"web-03\"] }\n";
  EXPECT_EQ(judged(kWeb, "max_moved = \"51%\"", keys, model, {&model, nullptr}), "");
  EXPECT_EQ(judged(kWeb, "max_moved = \"49%\"", keys, model, {&model, nullptr}),
            "max_moved: expected at most 49%, got 50.2% (service/web)\n");
}

TEST(Against, AServiceThatIsGoneDropsEverything) {
  const Model model = edge();
  Model without = model;
  without.services.erase(without.services.begin());
  EXPECT_EQ(judged(kWeb, "max_dropped = \"0%\"", kAgainst, without, {&model, nullptr}),
            "max_dropped: expected at most 0%, got 100% (service/web)\n");
  EXPECT_EQ(judged(kOther, "max_dropped = \"0%\"", kAgainst, model, {&model, nullptr}),
            "max_dropped: expected at most 0%, got no service before or after\n");
}

Model hashed_by(const std::string& mode) {
  std::string toml = lab_config(kEdge);
  return model_of(toml.replace(toml.find("port = 443\n"), 11, "port = 443\nhash = \"" + mode + "\"\n"));
}

// Whatever its port: all flows of one client, or of everybody, have one backend.
TEST(Runner, OneClientHasOneBackendWhereThePortDecidesNothing) {
  for (const char* mode : {"source", "destination-port"}) {
    const Model model = hashed_by(mode);
    EXPECT_EQ(judged(kWeb, "verdict = \"forwarded\", min_share = \"100%\"", "", model), "") << mode;
    EXPECT_NE(judged(kWeb, "max_share = \"99%\"", "", model), "") << mode;
    EXPECT_NE(judged(kWeb, "min_backends = 2", "", model), "") << mode;
  }
  EXPECT_EQ(judged(kWeb, "max_share = \"56%\", min_backends = 3", "", hashed_by("source+port")), "");
}

std::set<std::string> backends_met(const Model& model) {
  std::set<std::string> met;
  for (int last = 1; last < 20; ++last) {
    const std::string packet = "tcp 203.0.113." + std::to_string(last) + ":* > 192.0.2.10:443 syn";
    for (const char* address : {"10.0.2.11", "10.0.2.12", "10.0.2.13"})
      if (judged(packet, "addresses = [\"" + std::string(address) + "\"]", "", model).empty())
        met.insert(address);
  }
  return met;
}

TEST(Runner, ClientsAreSpreadByTheirAddress) {
  EXPECT_EQ(backends_met(hashed_by("source")).size(), 3u);
  EXPECT_EQ(backends_met(hashed_by("destination-port")).size(), 1u);
}

}  // namespace
}  // namespace steadfast::rehearsal
