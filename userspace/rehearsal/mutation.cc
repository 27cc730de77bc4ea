// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/mutation.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/bug.h"
#include "check/change.h"
#include "check/check.h"
#include "plan/plan.h"
#include "rehearsal/mutants.h"
#include "rehearsal/pretended.h"
#include "rehearsal/runner.h"

namespace steadfast::rehearsal {
namespace {

// A mistake made on a balancer at work: every service carries this much.
constexpr double kPacketsPerSecond = 1000;
constexpr double kNewFlowsPerSecond = 10;

Traffic traffic_of(const Model& model) {
  Traffic traffic;
  traffic.known = true;
  for (const Service& service : model.services)
    traffic.services[service.endpoint()] = {kPacketsPerSecond, kNewFlowsPerSecond,
                                            static_cast<std::uint64_t>(kPacketsPerSecond * kLately_s),
                                            kPacketsPerSecond, kNewFlowsPerSecond};
  return traffic;
}

class Laboratory {
 public:
  Laboratory(const std::vector<TestFile>& files, const Model& model, Stage& stage)
      : files_(files), model_(model), stage_(stage), next_hops_(pretended_next_hops(model)) {
    facts_.running.generation = 1;
    facts_.traffic = traffic_of(model);
    for (const Finding& finding : findings_of(model)) known_.insert(identity(finding));
  }

  Result<void> require_passing() {
    const auto report = play(files_, model_, {&model_, &next_hops_}, stage_);
    if (!report) return report.error();
    if (report->passed()) return {};
    return Error{std::to_string(report->failed()) +
                 " tests fail on the configuration itself; mutants can only be judged by tests that pass"};
  }

  Result<void> judge(const Mutant& mutant) {
    MutantResult result{mutant.operation, mutant.object, mutant.change, Fate::survived, {}};
    const Findings findings = new_findings(mutant.model);
    if (const Finding* refusal = find(findings, {Severity::error, Severity::gate})) {
      result.fate = Fate::rule;
      result.by = refusal->code;
    } else if (auto judged = judge_by_tests(mutant.model, findings, result); !judged) {
      return judged;
    }
    report_.mutants.push_back(std::move(result));
    return {};
  }

  MutationReport take() { return std::move(report_); }

 private:
  static std::pair<std::string, std::string> identity(const Finding& finding) {
    return {finding.code, finding.object};
  }

  Findings findings_of(const Model& model) const {
    Findings findings;
    check_model(model, findings);
    const Plan plan = make_plan({&model_, nullptr}, {&model, nullptr}, facts_.traffic);
    check_change(&model_, model, plan, facts_, findings);
    return findings;
  }

  Findings new_findings(const Model& model) const {
    Findings findings = findings_of(model);
    std::erase_if(findings, [&](const Finding& finding) { return known_.contains(identity(finding)); });
    return findings;
  }

  static const Finding* find(const Findings& findings, std::initializer_list<Severity> severities) {
    for (const Severity severity : severities)
      for (const Finding& finding : findings)
        if (finding.severity == severity) return &finding;
    return nullptr;
  }

  Result<void> judge_by_tests(const Model& model, const Findings& findings, MutantResult& result) {
    const auto report = play(files_, model, {&model_, &next_hops_}, stage_);
    if (!report) return report.error();
    const auto failed = std::find_if(report->results.begin(), report->results.end(),
                                     [](const TestResult& test) { return !test.passed(); });
    if (failed != report->results.end()) {
      result.fate = Fate::test;
      result.by = failed->name;
    } else if (const Finding* warning = find(findings, {Severity::warn})) {
      result.fate = Fate::warned;
      result.by = warning->code;
    }
    return {};
  }

  const std::vector<TestFile>& files_;
  const Model& model_;
  Stage& stage_;
  NextHops next_hops_;
  ChangeFacts facts_;
  std::set<std::pair<std::string, std::string>> known_;  // what is found in the original already
  MutationReport report_;
};

}  // namespace

std::string_view name(Fate fate) {
  switch (fate) {
    case Fate::rule:
      return "rule";
    case Fate::test:
      return "test";
    case Fate::warned:
      return "warned";
    case Fate::survived:
      return "survived";
  }
  bug("a fate without a name");
}

std::size_t MutationReport::count(Fate fate) const {
  return static_cast<std::size_t>(std::count_if(
      mutants.begin(), mutants.end(), [&](const MutantResult& mutant) { return mutant.fate == fate; }));
}

double MutationReport::score() const {
  if (mutants.empty()) return 1;
  return static_cast<double>(count(Fate::rule) + count(Fate::test)) / static_cast<double>(mutants.size());
}

Result<MutationReport> mutate(const std::vector<TestFile>& files, const Model& model, Stage& stage,
                              std::size_t count) {
  Laboratory laboratory(files, model, stage);
  if (auto passing = laboratory.require_passing(); !passing) return passing.error();
  auto done = for_each_mutant(model, count, [&](const Mutant& mutant) { return laboratory.judge(mutant); });
  if (!done) return done.error();
  return laboratory.take();
}

}  // namespace steadfast::rehearsal
