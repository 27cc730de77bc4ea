// SPDX-License-Identifier: Apache-2.0
// Rehearsals on both engines: the same tests, the same verdicts, and nothing of
// them is counted or goes live.
#include "datapath/datapath.h"
#include "rehearsal/engine_stage.h"
#include "rehearsal/runner.h"
#include "rehearsal/starter.h"
#include "support/large_config.h"

namespace steadfast {
namespace {

using rehearsal::EngineStage;
using rehearsal::TestFile;

class Rehearsal : public Datapath {
 protected:
  // Keeps the engine within reach.
  EngineStage stage() {
    return EngineStage([this](const sf_capacity& capacity) -> Result<std::unique_ptr<Kernel>> {
      auto opened = GetParam() == Engine::host ? rehearsal::open_host_engine(capacity)
                                               : rehearsal::open_kernel_engine(capacity);
      if (!opened) return opened;
      kernel_ = opened->get();
      live_ = kernel_->memory().selector->live;
      return opened;
    });
  }
  Kernel* kernel_ = nullptr;
  std::uint64_t live_ = 0;  // of the selector when the engine was new
};

TEST_P(Rehearsal, FirstTestsPassAndOthersFail) {
  const Model model = model_of(lab_config(kTwoBackends));
  Findings findings;
  const TestFile first = rehearsal::parse_tests(rehearsal::starter_tests(model), "first.test.toml", findings);
  const TestFile wrong = rehearsal::parse_tests(
      "[[test]]\nname = \"wrong\"\npacket = \"tcp 203.0.113.7:* > 192.0.2.10:80 syn\"\n"
      "expect = { max_share = \"12%\", outer_source = \"198.51.100.9\" }\n",
      "wrong.test.toml", findings);
  ASSERT_TRUE(findings.empty());
  EngineStage here = stage();
  const auto report = play({first, wrong}, model, {&model, nullptr}, here);
  ASSERT_TRUE(report.has_value()) << report.error().what;
  EXPECT_EQ(report->failed(), 1u);
  for (const auto& result : report->results) {
    EXPECT_EQ(result.passed(), result.name != "wrong") << result.name;
    EXPECT_EQ(result.mismatches.size(), result.passed() ? 0u : 2u);
  }
}

TEST_P(Rehearsal, NothingGoesLiveAndNothingIsCounted) {
  const Model model = model_of(lab_config(kTwoBackends));
  EngineStage here = stage();
  const auto scene = here.set(model);
  ASSERT_TRUE(scene.has_value()) << scene.error().what;
  const auto report = probe(*scene, here);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->failed(), 0u);
  EXPECT_EQ(report->results.size(), 3u);
  EXPECT_EQ(kernel_->memory().selector->live, live_);
  for (const sf_count& count : kernel_->memory().counts) ASSERT_EQ(count.packets, 0u);
  for (const sf_bucket& bucket : kernel_->memory().flows)
    for (const auto way : bucket.way) ASSERT_EQ(way, 0u);
}

TEST_P(Rehearsal, ALargerModelGetsALargerEngine) {
  EngineStage here = stage();
  ASSERT_TRUE(here.set(model_of(lab_config(kTwoBackends))).has_value());
  const std::uint32_t small = kernel_->memory().capacity.backends;
  const Model large = model_of(large_config(1000));
  const auto scene = here.set(large);
  ASSERT_TRUE(scene.has_value()) << scene.error().what;
  EXPECT_GT(kernel_->memory().capacity.backends, small);
  const auto report = probe(*scene, here);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->failed(), 0u);
}

ON_BOTH_ENGINES(Rehearsal);

}  // namespace
}  // namespace steadfast
