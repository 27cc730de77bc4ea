// SPDX-License-Identifier: Apache-2.0
// check() of 1,000 services over pools that hold 10,000 backends, in the shapes
// that matter: many small pools, few large ones.
#include <benchmark/benchmark.h>

#include <string>

#include "check/check.h"
#include "config/edit.h"
#include "model/draft.h"

namespace {

using namespace steadfast;

std::string address(std::size_t pool, std::size_t backend) {
  return "10." + std::to_string(pool / 250 % 250) + "." + std::to_string(pool % 250) + "." +
         std::to_string(backend % 250 + 1);
}

std::string head(std::size_t services, std::size_t backends) {
  return "schema = 1\n[host]\ninterfaces = [\"eth0\"]\nxdp_mode = \"native\"\n"
         "source = [\"198.51.100.0/28\"]\nhash_seed = \"bench\"\n[limits]\nservices = " +
         std::to_string(services) + "\nbackends = " + std::to_string(backends) + "\nflows = \"4M\"\n";
}

std::string service(std::size_t number, std::size_t pool) {
  return "[[service]]\nname = \"service-" + std::to_string(number) + "\"\nvip = \"192.0.2." +
         std::to_string(number % 250 + 1) +
         "\"\nprotocol = \"tcp\"\nport = " + std::to_string(1000 + number) +
         "\nforward = \"ipip\"\npool = \"pool-" + std::to_string(pool) + "\"\n";
}

std::string pool(std::size_t number, std::size_t backends) {
  const std::string name = "pool-" + std::to_string(number);
  std::string text = "[[pool]]\nname = \"" + name +
                     "\"\nmin_healthy = \"50%\"\nhealth = { type = \"tcp\", interval = \"2s\", timeout = "
                     "\"1s\", fall = 3, rise = 2 }\n";
  for (std::size_t i = 0; i < backends; ++i)
    text += "[[pool.backend]]\nname = \"" + name + "-" + std::to_string(i) + "\"\naddress = \"" +
            address(number + i / 250 * 1000, i) + "\"\nweight = 100\nlabels = { rack = \"r" +
            std::to_string(i % 4) + "\" }\n";
  return text;
}

// 1,000 services; `pools` pools of 10,000 backends in all.
std::string configuration(std::size_t pools) {
  constexpr std::size_t kServices = 1000;
  constexpr std::size_t kBackends = 10'000;
  std::string text = head(kServices, 65535);
  for (std::size_t i = 0; i < kServices; ++i) text += service(i, i % pools);
  for (std::size_t i = 0; i < pools; ++i) text += pool(i, kBackends / pools);
  return text;
}

void BM_Check(benchmark::State& state) {
  const std::string text = configuration(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(check(text, "bench.toml").findings.size());
  state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}
BENCHMARK(BM_Check)->Arg(1000)->Arg(100)->Arg(10)->Unit(benchmark::kMillisecond);

void BM_Parse(benchmark::State& state) {
  const std::string text = configuration(1000);
  for (auto _ : state) {
    Findings findings;
    benchmark::DoNotOptimize(config::parse(text, "bench.toml", findings).pools.size());
  }
}
BENCHMARK(BM_Parse)->Unit(benchmark::kMillisecond);

void BM_Rules(benchmark::State& state) {
  Findings findings;
  const config::Config config = config::parse(configuration(1000), "bench.toml", findings);
  const Draft built = draft(config, findings);
  for (auto _ : state) {
    Findings found;
    check_model(built.model, found);
    benchmark::DoNotOptimize(found.size());
  }
}
BENCHMARK(BM_Rules)->Unit(benchmark::kMillisecond);

void BM_CheckABrokenFile(benchmark::State& state) {
  std::string text = configuration(1000);
  text.replace(text.rfind("weight = 100"), 12, "weight = null");
  for (auto _ : state) benchmark::DoNotOptimize(check(text, "bench.toml").findings.size());
}
BENCHMARK(BM_CheckABrokenFile)->Unit(benchmark::kMillisecond);

void BM_EditOneBackend(benchmark::State& state) {
  const std::string text = configuration(1000);
  const config::BackendChange drain{config::BackendChange::Kind::drain, "pool-500", "pool-500-3", {}, {}, {}};
  for (auto _ : state) benchmark::DoNotOptimize(config::edit_backend(text, "bench.toml", drain).text->size());
}
BENCHMARK(BM_EditOneBackend)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
