// SPDX-License-Identifier: Apache-2.0
// LiveBalancer from an admitted change to packets: rehearse it, write it down, make
// it live, remember it.
#include <chrono>
#include <utility>

#include "base/clock.h"
#include "base/fault_point.h"
#include "control/candidate_stage.h"
#include "control/live_balancer.h"
#include "rehearsal/runner.h"

namespace steadfast {
namespace {

using Clock = std::chrono::steady_clock;

// Of a report only what went wrong travels on; what passed is a number.
void take(rehearsal::TestReport report, Outcome& outcome) {
  outcome.tests_played += report.results.size();
  for (rehearsal::TestResult& result : report.results)
    if (!result.passed()) outcome.tests.results.push_back(std::move(result));
}

}  // namespace

Outcome LiveBalancer::carry_out(const Change& change, Generation record, Admission admission,
                                const std::string& former_outcome) {
  const auto start = Clock::now();
  Outcome outcome;
  outcome.ending = admission.ending;
  outcome.findings = std::move(admission.findings);
  outcome.error = admission.error;
  outcome.check_ms = admission.check_ms;
  if (outcome.ending != Ending::applied) return finish(std::move(outcome));
  const auto done = write_and_run(change, std::move(record), admission, former_outcome, outcome);
  if (!done) {
    outcome.ending = Ending::failed;
    outcome.error = done.error().what;
    go_on_living_with(record_.number);
  }
  outcome.total_ms = outcome.check_ms + ms_since(start);
  if (outcome.ending == Ending::applied && !admission.plan.objects.empty())
    apply_ms_per_object_ = outcome.total_ms / static_cast<double>(admission.plan.objects.size());
  return finish(std::move(outcome));
}

// What the kernel could not undo must not wait for a confirmation.
std::string LiveBalancer::why_not_pending(const Change& change, const Model& model) const {
  const Host& now = deployment_.running()->model.host;
  if (model.host.xdp_mode != now.xdp_mode)
    return "xdp_mode belongs to the interfaces and does not go back by itself: change it alone, without "
           "--confirm";
  if (!change.confirmation.canary.empty() && model.host.hash_seed != now.hash_seed)
    return "a canary shares the hash space between two generations: they need the same hash_seed";
  return {};
}

// The journal holds the generation before a packet sees it.
Result<void> LiveBalancer::write_and_run(const Change& change, Generation record, Admission& admission,
                                         const std::string& former_outcome, Outcome& outcome) {
  if (!change.confirmation.is_final())
    if (const std::string why = why_not_pending(change, *admission.model); !why.empty()) {
      outcome.ending = Ending::refused;
      outcome.error = why;
      return {};
    }
  CandidateStage stage(deployment_, record.number, admission.next_hops);
  const auto passed = rehearse(admission, stage, outcome);
  if (!passed) return passed.error();
  outcome.compile_ms = stage.compile_ms();
  outcome.write_ms = stage.write_ms();
  if (!*passed) {
    outcome.ending = Ending::refused;
    outcome.error = std::to_string(outcome.tests.results.size()) + " of " +
                    std::to_string(outcome.tests_played) + " tests failed on the candidate";
    return {};
  }
  if (auto laid = deployment_.lay_health_over(*stage.candidate()); !laid) return laid;
  if (auto written = history_.write(record, change.text); !written)
    return written.error().while_doing("writing the journal");
  keep_text(record.number, record.file, change.text);
  go_on_living_with(record.number);
  if (const auto& running = deployment_.running())
    past_.note(admission.plan.objects, &running->model, now_s());
  if (change.confirmation.is_final())
    return run_final(change, std::move(record), std::move(*stage.candidate()), admission.plan, former_outcome,
                     outcome);
  outcome.ending = Ending::pending;
  return run_pending(change, std::move(record), std::move(*stage.candidate()), admission.plan,
                     former_outcome);
}

// The candidate goes through the real program before any packet of a user does:
// the operator's tests, then a probe of every service.
Result<bool> LiveBalancer::rehearse(const Admission& admission, CandidateStage& stage,
                                    Outcome& outcome) const {
  const auto start = Clock::now();
  const auto& running = deployment_.running();
  if (!admission.tests.empty()) {
    auto played = rehearsal::play(
        admission.tests, *admission.model,
        {running ? &running->model : nullptr, running ? &running->next_hops : nullptr}, stage);
    if (!played) return played.error().while_doing("playing tests on the candidate");
    take(std::move(*played), outcome);
    fault_point("tests played");
  }
  // The tests have left the model itself on the stage.
  const auto scene = admission.tests.empty() ? stage.set(*admission.model) : stage.scene(*admission.model);
  if (!scene) return scene.error();
  auto probed = rehearsal::probe(*scene, stage);
  if (!probed) return probed.error().while_doing("probing the candidate");
  take(std::move(*probed), outcome);
  fault_point("candidate probed");
  outcome.test_ms = ms_since(start) - stage.compile_ms() - stage.write_ms();
  return outcome.tests.results.empty();
}

Result<void> LiveBalancer::run_final(const Change& change, Generation record, Deployment::Candidate candidate,
                                     const Plan& plan, const std::string& former_outcome, Outcome& outcome) {
  detect::ChangeMade made = change_made(record, plan, candidate.prepared.next.model);
  if (auto ran = deployment_.run(candidate); !ran)
    return ran.error().while_doing("publishing generation " + std::to_string(record.number));
  note(std::move(made));
  fault_point("final");
  outcome.flip_us = candidate.times.flip_us;
  const std::string because = former_outcome == outcome::kRolledBack ? change.reason : "";
  make_known(std::move(record), change.text, former_outcome, because);
  return {};
}

void LiveBalancer::make_known(Generation record, std::string text, const std::string& former_outcome,
                              const std::string& because) {
  const std::uint64_t number = record.number;
  record.outcome = outcome::kRunning;
  record_ = std::move(record);
  text_ = std::move(text);
  alerts_.clear();
  auditor_.begin_anew();
  deployment_.around().forget_texts_but(number);
  if (auto known = history_.confirm(number, record_.confirmed_by, former_outcome, because); !known) {
    alert("generation " + std::to_string(number) +
          " runs, but the journal does not say so: " + known.error().what);
    journal_due_ = true;
  }
  if (auto released = deployment_.release(); !released)
    alert("interfaces that the configuration does not name keep the program: " + released.error().what);
}

// Without this record a crash loop goes unnoticed; that is no reason to refuse a change.
void LiveBalancer::go_on_living_with(std::uint64_t number) {
  if (life_ == nullptr) return;
  if (auto lives = life_->live_with(number); !lives) alert(lives.error().what);
}

}  // namespace steadfast
