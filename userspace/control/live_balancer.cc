// SPDX-License-Identifier: Apache-2.0
#include "control/live_balancer.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "base/bug.h"
#include "base/fault_point.h"
#include "base/sha256.h"
#include "config/edit.h"
#include "control/api.h"
#include "control/candidate_stage.h"
#include "rehearsal/runner.h"

namespace steadfast {
namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::string rfc3339_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::vector<std::string> texts(const std::vector<Acceptance>& accepted) {
  std::vector<std::string> all;
  all.reserve(accepted.size());
  for (const Acceptance& acceptance : accepted) all.push_back(api::text(acceptance));
  return all;
}

Generation record_of(const Change& change, std::uint64_t number) {
  Generation record;
  record.number = number;
  record.digest = sha256_hex(change.text);
  record.author = change.author;
  record.reason = change.reason;
  record.file = change.file;
  record.time = rfc3339_now();
  record.outcome = outcome::kWritten;
  record.accepted = texts(change.accepted);
  return record;
}

bool is_final(const Confirmation& confirmation) {
  return confirmation.within_s == 0 && confirmation.canary.empty();
}

// Of a report only what went wrong travels on; what passed is a number.
void take(rehearsal::TestReport report, Outcome& outcome) {
  outcome.tests_played += report.results.size();
  for (rehearsal::TestResult& result : report.results)
    if (!result.passed()) outcome.tests.results.push_back(std::move(result));
}

}  // namespace

LiveBalancer::LiveBalancer(Kernel& kernel, const Limits& limits, Surroundings around,
                           std::optional<Journal> journal, Life* life)
    : deployment_(kernel, limits, std::move(around)),
      history_(std::move(journal)),
      life_(life),
      started_s_(std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count()) {
}

Result<std::unique_ptr<LiveBalancer>> LiveBalancer::open(Kernel& kernel, const Limits& limits,
                                                         Surroundings around, std::optional<Journal> journal,
                                                         Life* life) {
  std::unique_ptr<LiveBalancer> balancer(
      new LiveBalancer(kernel, limits, std::move(around), std::move(journal), life));
  if (auto adopted = balancer->deployment_.adopt(); !adopted) return adopted.error();
  return balancer;
}

Outcome LiveBalancer::apply(const Change& change) {
  const std::lock_guard guard(mutex_);
  begin_fault_scope(deployment_.running() ? "apply" : "first");
  return apply_locked(change, Kind::file);
}

Outcome LiveBalancer::apply_locked(const Change& change, Kind kind) {
  settle();
  // While something is pending even the same bytes are another change: they would
  // end a canary, or make final what is not.
  if (deployment_.running() && !pending_ && change.text == text_) {
    Outcome outcome;
    outcome.ending = Ending::unchanged;
    return finish(std::move(outcome));
  }
  if (!deployment_.running() && !is_final(change.confirmation))
    return refused("nothing runs yet: the first generation has none to go back to");
  return carry_out(change, record_of(change, next_number()), admit(change, deployment_, facts(change, kind)),
                   outcome::kReplaced);
}

// The lock is held throughout: an edit of text that has meanwhile been replaced
// would undo the other change.
Outcome LiveBalancer::edit(const BackendEdit& edit) {
  const std::lock_guard guard(mutex_);
  begin_fault_scope("edit");
  auto edited = config::edit_backend(text_, record_.file, edit);
  if (edited.text) {
    Change change;
    change.text = std::move(*edited.text);
    change.file = record_.file;
    change.author = edit.author;
    change.reason = edit.reason;
    change.accepted = edit.accepted;
    return apply_locked(change, Kind::edit);
  }
  Outcome outcome;
  outcome.ending = Ending::refused;
  outcome.findings = std::move(edited.findings);
  return finish(std::move(outcome));
}

Outcome LiveBalancer::resume(std::uint64_t number, const std::string& alert_text, std::uint64_t crashed) {
  const std::lock_guard guard(mutex_);
  const Generation* found = history_.find(number);
  invariant(found != nullptr, "resume() needs a generation of the journal");
  Generation record = *found;
  auto text = history_.text(number);
  if (!text) return failed(text.error().what);
  note_undone(number, alert_text, crashed);
  Change change;
  change.text = std::move(*text);
  change.file = record.file;
  change.reason = alert_text;
  Outcome outcome = carry_out(change, std::move(record), admit_again(change.text, change.file, deployment_),
                              alert_text.empty() ? outcome::kReplaced : outcome::kRolledBack);
  if (!alert_text.empty()) alert(alert_text);
  return outcome;
}

// A journal that cannot be written must not keep the daemon down.
void LiveBalancer::note_undone(std::uint64_t resumed, const std::string& alert_text, std::uint64_t crashed) {
  std::vector<std::pair<std::uint64_t, std::string>> undone;
  for (const Generation& other : history_.all())
    if (other.outcome == outcome::kPending && other.number != resumed)
      undone.emplace_back(other.number, "steadfastd ended before it was confirmed");
  if (crashed != 0) undone.emplace_back(crashed, alert_text);
  for (const auto& [number, because] : undone)
    if (auto set = history_.set_outcome(number, outcome::kRolledBack, because); !set) alert(set.error().what);
}

Outcome LiveBalancer::rollback(std::uint64_t to, const std::string& author, const std::string& reason) {
  const std::lock_guard guard(mutex_);
  begin_fault_scope("rollback");
  settle();
  const std::string because = "rolled back by " + author + (reason.empty() ? "" : ": " + reason);
  if (pending_ && to == 0) return end_pending(outcome::kRolledBack, because);
  if (pending_)
    return refused("generation " + std::to_string(pending_->record.number) +
                   " is pending: confirm or cancel it first");
  if (to == 0) to = history_.confirmed_before(record_);
  if (history_.find(to) == nullptr)
    return failed(to == 0 ? "there is no generation to roll back to"
                          : "generation " + std::to_string(to) + " is not in the journal");
  if (!history_.find(to)->confirmed)
    return refused("generation " + std::to_string(to) +
                   " was never confirmed, so there is no way back to it: apply its file");
  return go_back_to(to, author, reason);
}

Outcome LiveBalancer::go_back_to(std::uint64_t number, const std::string& author, const std::string& reason) {
  auto text = history_.text(number);
  if (!text) return failed(text.error().what);
  Change change;
  change.text = std::move(*text);
  change.file = history_.find(number)->file;
  change.author = author;
  change.reason = reason.empty() ? "rollback to generation " + std::to_string(number) : reason;
  return carry_out(change, record_of(change, next_number()), admit_former(number, change.text, change.file),
                   outcome::kRolledBack);
}

// What ran right before needs no second check: it is here, understood already,
// and the way back must be short.
Admission LiveBalancer::admit_former(std::uint64_t number, const std::string& text,
                                     const std::string& file) const {
  const auto& former = deployment_.former();
  if (!former || former->generation != number) return admit_again(text, file, deployment_);
  Admission admission;
  admission.model = former->model;
  auto hops = deployment_.resolve(*admission.model, Deployment::Patience::none);
  admission.ending = hops ? Ending::applied : Ending::failed;
  if (hops)
    admission.next_hops = std::move(*hops);
  else
    admission.error = hops.error().what;
  return admission;
}

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
  if (!is_final(change.confirmation))
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
  if (auto written = history_.write(record, change.text); !written)
    return written.error().while_doing("writing the journal");
  go_on_living_with(record.number);
  if (const auto& running = deployment_.running())
    past_.note(admission.plan.objects, &running->model, now_s());
  if (is_final(change.confirmation))
    return run_final(change, std::move(record), std::move(*stage.candidate()), former_outcome, outcome);
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
  const auto scene = stage.set(*admission.model);
  if (!scene) return scene.error();
  auto probed = rehearsal::probe(*scene, stage);
  if (!probed) return probed.error().while_doing("probing the candidate");
  take(std::move(*probed), outcome);
  fault_point("candidate probed");
  outcome.test_ms = ms_since(start) - stage.compile_ms() - stage.write_ms();
  return outcome.tests.results.empty();
}

Result<void> LiveBalancer::run_final(const Change& change, Generation record, Deployment::Candidate candidate,
                                     const std::string& former_outcome, Outcome& outcome) {
  if (auto ran = deployment_.run(candidate); !ran)
    return ran.error().while_doing("publishing generation " + std::to_string(record.number));
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
