// SPDX-License-Identifier: Apache-2.0
// A change at full size, taken apart: 1,000 services over 10,000 backends on the
// real kernel engine. Medians of several rounds. The way back is measured with
// and without a journal: a disk's fsync says nothing about the balancer, but an
// operator waits for it.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <vector>

#include "base/bug.h"
#include "control/host_balancer.h"
#include "kernel/bpf_kernel.h"
#include "support/lab.h"
#include "support/large_config.h"
#include "support/scratch.h"

namespace steadfast {
namespace {

constexpr int kRounds = 9;
constexpr std::size_t kPools = 1000;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double ms_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

struct Times {
  std::vector<double> check, compile, write, test, flip, total;

  void add(const Outcome& outcome) {
    check.push_back(outcome.check_ms);
    compile.push_back(outcome.compile_ms);
    write.push_back(outcome.write_ms);
    test.push_back(outcome.test_ms);
    flip.push_back(outcome.flip_us);
    total.push_back(outcome.total_ms);
  }
};

void print(const char* what, const Times& times) {
  std::printf(
      "%-32s check and plan %6.1f  compile %6.1f  write %5.1f  probe %5.1f  total %6.1f ms  flip %5.2f us\n",
      what, median(times.check), median(times.compile), median(times.write), median(times.test),
      median(times.total), median(times.flip));
}

void print(const char* what, const std::vector<double>& ms) {
  std::printf("%-32s %6.1f ms\n", what, median(ms));
}

Outcome successful(Outcome outcome) {
  if (!outcome.error.empty()) std::fprintf(stderr, "%s\n", outcome.error.c_str());
  for (const Finding& finding : outcome.findings)
    if (finding.severity == Severity::error || finding.severity == Severity::gate)
      std::fprintf(stderr, "%s %s\n", finding.code.c_str(), finding.message.c_str());
  invariant(outcome.ending == Ending::applied || outcome.ending == Ending::pending,
            "the benchmark's changes can be made");
  return outcome;
}

Change change_to(std::string text) {
  Change change;
  change.text = std::move(text);
  change.file = "large.toml";
  change.author = change.reason = "bench";
  return change;
}

// Another weight for one backend of every pool.
std::string nudged(std::string text) {
  for (std::size_t at = text.find("weight = 100\n"); at != text.npos; at = text.find("[[pool]]", at)) {
    at = text.find("weight = 100\n", at);
    if (at == text.npos) break;
    text.replace(at, 12, "weight = 110");
  }
  return text;
}

BackendEdit one_weight(int round) {
  BackendEdit edit;
  edit.kind = BackendEdit::Kind::set;
  edit.pool = "pool-500";
  edit.name = "pool-500-3";
  edit.weight = 100u + static_cast<unsigned>(round % 2) + 1;
  edit.author = "bench";
  return edit;
}

void measure_changes(LiveBalancer& balancer, const std::string& text) {
  Times first, edits;
  first.add(successful(balancer.apply(change_to(text))));
  print("everything, first time", first);
  for (int round = 0; round < kRounds; ++round) edits.add(successful(balancer.edit(one_weight(round))));
  successful(balancer.apply(change_to(text)));
  print("one weight of 10,000", edits);
}

void measure_plans(LiveBalancer& balancer, const std::string& text) {
  const Change few = change_to(balancer.config_text() + "# same\n"), many = change_to(nudged(text));
  std::vector<double> same, all;
  for (int round = 0; round < kRounds; ++round) {
    same.push_back(ms_of([&] { invariant(balancer.plan(few).has_value(), "a plan can be made"); }));
    all.push_back(ms_of([&] { invariant(balancer.plan(many).has_value(), "a plan can be made"); }));
  }
  print("plan that moves nothing", same);
  print("plan that changes every pool", all);
}

void measure_the_way_back(LiveBalancer& balancer, const std::string& text, const char* where) {
  std::vector<double> rollbacks, cancels;
  Change pending = change_to(text + "# pending\n");
  pending.confirmation.within_s = 60;
  for (int round = 0; round < kRounds; ++round) {
    successful(balancer.edit(one_weight(1)));
    rollbacks.push_back(ms_of([&] { successful(balancer.rollback(0, "bench", "")); }));
    successful(balancer.apply(pending));
    cancels.push_back(ms_of([&] { successful(balancer.cancel("bench", "")); }));
  }
  print((std::string("rollback, ") + where).c_str(), rollbacks);
  print((std::string("cancel of a pending one, ") + where).c_str(), cancels);
}

std::unique_ptr<LiveBalancer> opened(BpfKernel& kernel, const Limits& limits,
                                     std::optional<Journal> journal) {
  auto balancer = LiveBalancer::open(kernel, limits, pretended_surroundings(), std::move(journal));
  invariant(balancer.has_value(), "empty tables can be adopted");
  return std::move(*balancer);
}

void run() {
  const std::string text = large_config(kPools);
  const Limits limits = model_of(text).limits;
  {
    auto kernel = BpfKernel::open({"", capacity_for(limits, 0)});
    invariant(kernel.has_value(), "the benchmark needs BPF");
    const auto balancer = opened(**kernel, limits, std::nullopt);
    measure_changes(*balancer, text);
    measure_plans(*balancer, text);
    measure_the_way_back(*balancer, text, "no journal");
  }
  const Scratch scratch;
  auto journal = Journal::open(scratch.path());
  auto kernel = BpfKernel::open({"", capacity_for(limits, 0)});
  invariant(journal && kernel, "the benchmark needs BPF and a disk");
  const auto balancer = opened(**kernel, limits, std::move(*journal));
  successful(balancer->apply(change_to(text)));
  measure_the_way_back(*balancer, text, "journal");
}

}  // namespace
}  // namespace steadfast

int main() { steadfast::run(); }
