// SPDX-License-Identifier: Apache-2.0
// check() of 1,000 services over pools that hold 10,000 backends, in the shapes
// that matter: many small pools, few large ones.
#include <benchmark/benchmark.h>

#include <string>

#include "check/change.h"
#include "check/check.h"
#include "config/edit.h"
#include "model/draft.h"
#include "support/large_config.h"

namespace {

using namespace steadfast;

void BM_Check(benchmark::State& state) {
  const std::string text = large_config(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(check(text, "bench.toml").findings.size());
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}
BENCHMARK(BM_Check)->Arg(1000)->Arg(100)->Arg(10)->Unit(benchmark::kMillisecond);

void BM_Parse(benchmark::State& state) {
  const std::string text = large_config(1000);
  for (auto _ : state) {
    Findings findings;
    benchmark::DoNotOptimize(config::parse(text, "bench.toml", findings).pools.size());
  }
}
BENCHMARK(BM_Parse)->Unit(benchmark::kMillisecond);

void BM_Rules(benchmark::State& state) {
  Findings findings;
  const config::Config config = config::parse(large_config(1000), "bench.toml", findings);
  const Draft built = draft(config, findings);
  for (auto _ : state) {
    Findings found;
    check_model(built.model, found);
    benchmark::DoNotOptimize(found.size());
  }
}
BENCHMARK(BM_Rules)->Unit(benchmark::kMillisecond);

void BM_CheckABrokenFile(benchmark::State& state) {
  std::string text = large_config(1000);
  text.replace(text.rfind("weight = 100"), 12, "weight = null");
  for (auto _ : state) benchmark::DoNotOptimize(check(text, "bench.toml").findings.size());
}
BENCHMARK(BM_CheckABrokenFile)->Unit(benchmark::kMillisecond);

void BM_EditOneBackend(benchmark::State& state) {
  const std::string text = large_config(1000);
  const config::BackendChange drain{config::BackendChange::Kind::drain, "pool-500", "pool-500-3", {}, {}, {}};
  for (auto _ : state) benchmark::DoNotOptimize(config::edit_backend(text, "bench.toml", drain).text->size());
}
BENCHMARK(BM_EditOneBackend)->Unit(benchmark::kMillisecond);

Model model_of(const std::string& text) { return *check(text, "bench.toml").model; }

std::string every(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

void plan(benchmark::State& state, const Model& before, const Model& after) {
  for (auto _ : state)
    benchmark::DoNotOptimize(make_plan({&before, nullptr}, {&after, nullptr}, {}).services.size());
}

void BM_PlanOneWeight(benchmark::State& state) {
  std::string text = large_config(1000);
  const Model before = model_of(text);
  text.replace(text.rfind("weight = 100"), 12, "weight = 120");
  plan(state, before, model_of(text));
}
BENCHMARK(BM_PlanOneWeight)->Unit(benchmark::kMillisecond);

// Every ring is another one: nothing can be skipped.
void BM_PlanEveryRing(benchmark::State& state) {
  const std::string text = large_config(1000);
  const std::string drained = "weight = 100\nlabels = { rack = \"r0\" }\n";
  plan(state, model_of(text), model_of(every(text, drained, drained + "state = \"drain\"\n")));
}
BENCHMARK(BM_PlanEveryRing)->Unit(benchmark::kMillisecond);

void BM_CheckChange(benchmark::State& state) {
  std::string text = large_config(1000);
  const Model before = model_of(text);
  text.replace(text.rfind("weight = 100"), 12, "weight = 120");
  const Model after = model_of(text);
  const Plan plan = make_plan({&before, nullptr}, {&after, nullptr}, {});
  for (auto _ : state) {
    Findings findings;
    check_change(&before, after, plan, {}, findings);
    benchmark::DoNotOptimize(findings.size());
  }
}
BENCHMARK(BM_CheckChange)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
