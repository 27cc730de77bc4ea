// SPDX-License-Identifier: Apache-2.0
// A change at full size, taken apart: 1,000 services over 10,000 backends on the
// real kernel engine. Medians of several rounds; the journal is left out, since
// a disk's fsync says nothing about the balancer.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "base/bug.h"
#include "control/host_balancer.h"
#include "kernel/bpf_kernel.h"
#include "support/lab.h"
#include "support/large_config.h"

namespace steadfast {
namespace {

constexpr int kRounds = 9;

struct Times {
  std::vector<double> check, compile, write, flip, total;

  void add(const Outcome& outcome) {
    check.push_back(outcome.check_ms);
    compile.push_back(outcome.compile_ms);
    write.push_back(outcome.write_ms);
    flip.push_back(outcome.flip_us);
    total.push_back(outcome.total_ms);
  }
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void print(const char* what, const Times& times) {
  std::printf("%-22s check %7.1f ms  compile %7.1f ms  write %6.1f ms  flip %6.2f us  total %7.1f ms\n", what,
              median(times.check), median(times.compile), median(times.write), median(times.flip),
              median(times.total));
}

Outcome apply(LiveBalancer& balancer, const std::string& text) {
  Outcome outcome = balancer.apply({text, "large.toml", {}, "bench", "bench", {}});
  if (outcome.verdict != Verdict::applied) std::fprintf(stderr, "%s\n", outcome.error.c_str());
  invariant(outcome.verdict == Verdict::applied, "the benchmark's configuration can be applied");
  return outcome;
}

void run() {
  const std::string text = large_config(1000);
  const Limits limits = model_of(text).limits;
  auto kernel = BpfKernel::open({"", capacity_for(limits, 0)});
  invariant(kernel.has_value(), "the benchmark needs BPF");
  auto balancer = LiveBalancer::open(**kernel, limits, pretended_surroundings(), std::nullopt);
  invariant(balancer.has_value(), "empty tables can be adopted");
  Times first, one_weight;
  first.add(apply(**balancer, text));
  print("everything, first time", first);
  for (int round = 0; round < kRounds; ++round) {
    BackendEdit edit;
    edit.kind = BackendEdit::Kind::set;
    edit.pool = "pool-500";
    edit.name = "pool-500-3";
    edit.weight = 100u + static_cast<unsigned>(round % 2) + 1;
    const Outcome outcome = (*balancer)->edit(edit);
    invariant(outcome.verdict == Verdict::applied, "one weight can be changed");
    one_weight.add(outcome);
  }
  print("one weight of 10,000", one_weight);
}

}  // namespace
}  // namespace steadfast

int main() { steadfast::run(); }
