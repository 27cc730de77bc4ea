// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <set>

#include "compile/hash.h"
#include "rehearsal_lab.h"
#include "support/large_config.h"

namespace steadfast::rehearsal {
namespace {

// A stage whose answers a test may spoil.
class SpoiltStage final : public Stage {
 public:
  Result<Scene> set(const Model& model) override { return stage_.set(model); }
  Result<Answer> run(std::span<const std::uint8_t> frame) override {
    auto answer = stage_.run(frame);
    if (answer && spoil) spoil(*answer);
    return answer;
  }
  std::function<void(Answer&)> spoil;

 private:
  EngineStage stage_{open_host_engine};
};

TestReport probed(const Model& model, const std::function<void(Answer&)>& spoil = {}) {
  SpoiltStage stage;
  const auto scene = stage.set(model);
  EXPECT_TRUE(scene.has_value());
  stage.spoil = spoil;
  auto report = probe(*scene, stage);
  EXPECT_TRUE(report.has_value());
  return std::move(*report);
}

// The first mismatch of a probe of this service.
std::string failure(const TestReport& report, const std::string& service) {
  for (const TestResult& result : report.results)
    if (result.service == service && !result.passed()) return mismatches(result);
  return "";
}

TEST(Probe, ReachesEveryServiceAndEveryBackendOfASmallConfiguration) {
  const TestReport report = probed(edge());
  EXPECT_EQ(report.failed(), 0u) << failure(report, "web") << failure(report, "dns")
                                 << failure(report, "later");
  std::map<std::string, int> probes;
  for (const TestResult& result : report.results) ++probes[result.service];
  EXPECT_EQ(probes, (std::map<std::string, int>{{"web", 3}, {"dns", 2}, {"later", 1}}));
}

TEST(Probe, MeetsAShareThatNoPortOfTheFirstClientMeets) {
  std::string toml = lab_config(kEdge);
  toml.replace(toml.find("weight = 200"), 12, "weight = 50000");
  const TestReport report = probed(model_of(toml));
  EXPECT_EQ(report.failed(), 0u);
}

TEST(Probe, AServiceWithoutBackendsMustSaySo) {
  std::string toml = lab_config(kEdge);
  for (std::size_t at; (at = toml.find("weight = 1\n")) != std::string::npos;)
    toml.replace(at, 11, "weight = 0\n");
  const TestReport report = probed(model_of(toml));
  EXPECT_EQ(report.failed(), 0u);
  const auto wrong = probed(model_of(toml), [](Answer& answer) {
    if (answer.decision.verdict == SF_NO_BACKEND) answer.decision.verdict = SF_TABLE_ERROR;
  });
  EXPECT_EQ(failure(wrong, "dns"), "verdict: expected no_backend, got table_error\n");
}

TEST(Probe, ABackendWithoutANextHopIsExpectedToSaySo) {
  Model model = edge();
  EngineStage stage(open_host_engine);
  auto scene = stage.set(model);
  ASSERT_TRUE(scene.has_value());
  Tables claimed = *scene->tables;
  for (sf_backend& row : claimed.backends) std::fill(std::begin(row.ethernet), std::end(row.ethernet), 0);
  const auto report = probe({scene->model, &claimed, scene->next_hops}, stage);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(failure(*report, "web"), "verdict: expected no_next_hop, got forwarded\n");
}

TEST(Probe, EveryWrongAnswerIsNamed) {
  const Model model = edge();
  const auto spoilt = [&](const std::string& service, auto spoil) {
    return failure(probed(model, spoil), service);
  };
  EXPECT_EQ(spoilt("web", [](Answer& a) { a.decision.verdict = SF_TOO_BIG; }),
            "verdict: expected forwarded, got too_big\n");
  EXPECT_EQ(spoilt("dns", [](Answer& a) { a.decision.service = 1; }),
            "service: expected service/dns, got service/web\n");
  EXPECT_EQ(spoilt("web", [](Answer& a) { a.decision.backend = 60000; }).substr(0, 34),
            "backend: expected backend/web/web-");
  EXPECT_EQ(spoilt("web", [](Answer& a) { a.frame[5] ^= 1; }),
            "next hop: expected 02:00:00:00:00:02, got 02:00:00:00:00:03\n");
  EXPECT_EQ(spoilt("web", [](Answer& a) { a.frame[14 + 16] ^= 1; }).substr(0, 28),
            "frame: expected for 10.0.2.1");
  EXPECT_EQ(spoilt("later", [](Answer& a) { a.frame.push_back(0); }),
            "frame: expected left as it came, got changed\n");
}

TEST(Probe, StaysWithinItsBoundWhateverTheSize) {
  const Model model = model_of(large_config(1000));
  const TestReport report = probed(model);
  EXPECT_EQ(report.failed(), 0u);
  EXPECT_LE(report.results.size(), 2000u);
  std::set<std::string> services;
  for (const TestResult& result : report.results) services.insert(result.service);
  EXPECT_EQ(services.size(), model.services.size());
}

TEST(FlowHash, IsTheProgramsOwn) {
  const Model model = edge();
  EngineStage stage(open_host_engine);
  const auto scene = stage.set(model);
  ASSERT_TRUE(scene.has_value());
  for (const char* words :
       {"tcp 203.0.113.7:40000 > 192.0.2.10:443 syn", "udp [2001:db8:ffff::7]:1 > [2001:db8:1::53]:53"}) {
    const auto spec = parse_packet_spec(words);
    const auto answer = stage.run(build_frame(spec->packet));
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(flow_hash(scene->tables->slot, spec->packet), answer->decision.hash) << words;
  }
}

// The web service of the edge with other keys.
Model edge_with(const std::string& from, const std::string& to) {
  std::string toml = lab_config(kEdge);
  const auto at = toml.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return model_of(toml.replace(at, from.size(), to));
}

TEST(Probe, ReachesAWideServiceWhereNoOtherIs) {
  const TestReport report =
      probed(edge_with("vip = \"192.0.2.10\"\nprotocol = \"tcp\"\nport = 443",
                       "vip = \"192.0.2.0/28\"\nprotocol = \"tcp\"\nport = \"400-499\""));
  EXPECT_EQ(report.failed(), 0u) << failure(report, "web");
}

TEST(Probe, ComesAsAClientThatIsWelcomeAndAsOneThatIsNot) {
  const TestReport report =
      probed(edge_with("port = 443\n", "port = 443\ndeny = [\"203.0.113.0/24\", \"10.0.0.0/8\"]\n"));
  EXPECT_EQ(report.failed(), 0u) << failure(report, "web");
  std::size_t probes = 0;
  for (const TestResult& result : report.results) probes += result.service == "web" ? 1 : 0;
  EXPECT_EQ(probes, 4u) << "three backends, and one client that is refused";
}

TEST(Probe, MeetsBackendsByClientsWhereThePortDecidesNothing) {
  const TestReport report = probed(edge_with("port = 443\n", "port = 443\nhash = \"source\"\n"));
  EXPECT_EQ(report.failed(), 0u) << failure(report, "web");
}

std::size_t probes_of(const TestReport& report, const std::string& service) {
  return static_cast<std::size_t>(
      std::count_if(report.results.begin(), report.results.end(),
                    [&](const TestResult& result) { return result.service == service; }));
}

TEST(Probe, VariesTheClientWhereThePortDecidesNothing) {
  const TestReport report = probed(edge_with("port = 443\n", "port = 443\nhash = \"source\"\n"));
  EXPECT_EQ(probes_of(report, "web"), 3u) << "every backend that gets new flows";
}

}  // namespace
}  // namespace steadfast::rehearsal
