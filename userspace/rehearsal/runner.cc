// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/runner.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "base/clock.h"
#include "plan/plan.h"
#include "rehearsal/given.h"
#include "rehearsal/judge.h"
#include "rehearsal/observation.h"

namespace steadfast::rehearsal {
namespace {

// A test, and where its result belongs.
struct Part {
  const Test* test;
  TestResult* result;
};
using Parts = std::vector<Part>;

std::vector<std::string> key_of(const Test& test) {
  std::vector<std::string> key;
  for (const config::Text& entry : test.down) key.push_back(*entry);
  std::sort(key.begin(), key.end());
  return key;
}

TestResult blank_result(const Test& test, const std::string& file) {
  TestResult result;
  result.name = test.name;
  result.file = file;
  result.place = test.place;
  result.packet = test.packet_text;
  return result;
}

class Player {
 public:
  Player(const Model& model, const Running& running, Stage& stage)
      : model_(model), running_(running), stage_(stage) {}

  Result<TestReport> run(const std::vector<TestFile>& files) {
    collect(files);
    for (const auto& [key, parts] : groups_) {
      if (key.empty()) continue;
      if (auto played = play_given(parts); !played) return played.error();
    }
    // Even without a test of its own: whoever comes next finds the model on the stage.
    if (auto played = play_on(model_, groups_[{}]); !played) return played.error();
    return std::move(report_);
  }

 private:
  void collect(const std::vector<TestFile>& files) {
    for (const TestFile& file : files)
      for (const Test& test : file.tests) report_.results.push_back(blank_result(test, file.file));
    auto result = report_.results.begin();
    for (const TestFile& file : files)
      for (const Test& test : file.tests) groups_[key_of(test)].push_back({&test, &*result++});
  }

  Result<void> play_given(const Parts& parts) {
    std::vector<Mismatch> unmatched;
    const Model changed = with_down(model_, parts.front().test->down, unmatched);
    if (unmatched.empty()) return play_on(changed, parts);
    for (const Part& part : parts) part.result->mismatches = unmatched;
    return {};
  }

  Result<void> play_on(const Model& model, const Parts& parts) {
    const auto scene = stage_.set(model);
    if (!scene) return scene.error();
    const std::optional<Plan> plan = plan_to(*scene, parts);
    for (const Part& part : parts)
      if (auto played = play_one(part, *scene, plan ? &*plan : nullptr); !played)
        return played.error().while_doing("test \"" + part.test->name + "\"");
    return {};
  }

  std::optional<Plan> plan_to(const Scene& scene, const Parts& parts) const {
    const bool wanted =
        std::any_of(parts.begin(), parts.end(), [](const Part& part) { return part.test->against_running; });
    if (!wanted || running_.model == nullptr) return std::nullopt;
    return make_plan({running_.model, running_.next_hops}, {scene.model, scene.next_hops}, Traffic{});
  }

  Result<void> play_one(const Part& part, const Scene& scene, const Plan* plan) {
    const auto start = std::chrono::steady_clock::now();
    const auto seen = observe(part.test->packet, scene, stage_);
    if (!seen) return seen.error();
    if (seen->service != nullptr) part.result->service = seen->service->name;
    part.result->mismatches = judge(*part.test, *seen, *scene.model, plan);
    part.result->took_ms = ms_since(start);
    return {};
  }

  const Model& model_;
  const Running& running_;
  Stage& stage_;
  TestReport report_;
  std::map<std::vector<std::string>, Parts> groups_;
};

}  // namespace

Result<TestReport> play(const std::vector<TestFile>& files, const Model& model, const Running& running,
                        Stage& stage) {
  return Player(model, running, stage).run(files);
}

}  // namespace steadfast::rehearsal
