// SPDX-License-Identifier: Apache-2.0
// What a LiveBalancer answers. Every answer settles first: the kernel may have
// gone back to another generation since somebody last asked.
#include <algorithm>

#include "base/clock.h"
#include "base/sha256.h"
#include "control/candidate_stage.h"
#include "control/live_balancer.h"
#include "control/trace_answer.h"
#include "rehearsal/runner.h"

namespace steadfast {
namespace {

constexpr double kNanosecondsPerSecond = 1e9;

// The running generation needs no slot of its own; variants of it do.
class RunningStage final : public rehearsal::Stage {
 public:
  explicit RunningStage(Deployment& deployment)
      : deployment_(deployment),
        running_(*deployment.running()),
        variants_(deployment, running_.generation, running_.next_hops) {}

  Result<rehearsal::Scene> set(const Model& model) override {
    shows_running_ = &model == &running_.model;
    if (shows_running_) return rehearsal::Scene{&model, &running_.tables, &running_.next_hops};
    if (deployment_.is_pending()) return Error{"a change is pending: tests with `given` wait for its end"};
    return variants_.set(model);
  }
  Result<Answer> run(std::span<const std::uint8_t> frame) override {
    return shows_running_ ? deployment_.kernel().run_dry(frame, deployment_.selector().current())
                          : variants_.run(frame);
  }

 private:
  Deployment& deployment_;
  const Running& running_;
  CandidateStage variants_;
  bool shows_running_ = true;
};

Result<std::vector<rehearsal::TestFile>> parse(const std::vector<rehearsal::TestText>& tests) {
  std::vector<rehearsal::TestFile> files;
  files.reserve(tests.size());
  Findings findings;
  for (const rehearsal::TestText& test : tests)
    files.push_back(rehearsal::parse_tests(test.text, test.file, findings));
  if (tally(findings).errors == 0) return files;
  const Finding& first = findings.front();
  return Error{first.file + ":" + std::to_string(first.place.line) + ": " + first.message};
}

}  // namespace

double LiveBalancer::now_s() const { return static_cast<double>(now_ns()) / kNanosecondsPerSecond; }

std::uint64_t LiveBalancer::next_number() const {
  return std::max(history_.last_number(), deployment_.last_generation_in_kernel()) + 1;
}

const Generation& LiveBalancer::running_record() const {
  return pending_ && pending_->probation.is_whole() ? pending_->record : record_;
}

const std::string& LiveBalancer::running_text() const {
  return pending_ && pending_->probation.is_whole() ? pending_->text : text_;
}

PendingChange LiveBalancer::describe_pending() const {
  PendingChange pending;
  pending.generation = pending_->record.number;
  pending.previous = record_.number;
  pending.author = pending_->record.author;
  pending.reason = pending_->record.reason;
  pending_->probation.describe(pending, now_ns());
  return pending;
}

ChangeFacts LiveBalancer::facts(const Change& change, Kind kind) {
  if (const auto& running = deployment_.running())
    recorder_.sample(read_counters(deployment_.kernel().memory()), *running, deployment_.revision(), now_s());
  const std::string digest = sha256_hex(change.text);
  ChangeFacts facts;
  facts.running = {running_record().number, running_record().digest};
  facts.expected = change.base;
  facts.pending_generation = pending_ ? pending_->record.number : 0;
  facts.traffic = recorder_.traffic(now_s());
  facts.changes_last_hour = past_.changes_last_hour(now_s());
  facts.recent_weight = past_.recent_weight(now_s());
  if (const Generation* before = history_.rolled_back(digest); before != nullptr && kind == Kind::file) {
    facts.digest_was_rolled_back = true;
    facts.digest_rolled_back_as = before->number;
  }
  facts.apply_ms_per_object = apply_ms_per_object_;
  return facts;
}

Outcome LiveBalancer::failed(std::string error) {
  Outcome outcome;
  outcome.error = std::move(error);
  return finish(std::move(outcome));
}

Outcome LiveBalancer::refused(std::string error) {
  Outcome outcome;
  outcome.ending = Ending::refused;
  outcome.error = std::move(error);
  return finish(std::move(outcome));
}

Outcome LiveBalancer::finish(Outcome outcome) {
  last_ending_ = name(outcome.ending);
  outcome.generation = generation_running();
  if (pending_) outcome.pending = describe_pending();
  return outcome;
}

Result<PlanAnswer> LiveBalancer::plan(const Change& change) {
  std::unique_lock lock(mutex_);
  settle();
  Admission admission = admit(change, deployment_, facts(change, Kind::file));
  const ChangeBase judged_from{running_record().number, running_record().digest};
  probe_unlocked(lock, change, admission);
  return PlanAnswer{judged_from, std::move(admission.plan), std::move(admission.findings),
                    std::move(admission.error)};
}

Result<rehearsal::TestReport> LiveBalancer::test(const std::vector<rehearsal::TestText>& tests) {
  const std::lock_guard guard(mutex_);
  settle();
  if (!deployment_.running()) return Error{"nothing runs yet"};
  const auto files = parse(tests);
  if (!files) return files.error();
  const Running& running = *deployment_.running();
  RunningStage stage(deployment_);
  return rehearsal::play(*files, running.model, {&running.model, &running.next_hops}, stage);
}

// The witness has a lock of its own, which is never taken under the balancer's.
Status LiveBalancer::status() {
  Status status = status_of_balancer();
  if (const IncidentWitness* keeper = incident_witness(); keeper != nullptr) {
    status.incidents = keeper->status();
    for (const std::string& problem : status.incidents.problems) status.alerts.push_back(problem);
  }
  const HealthWitness* knows = witness();
  if (knows == nullptr) return status;
  HealthStatus health = knows->status();
  status.alerts.insert(status.alerts.end(), health.alerts.begin(), health.alerts.end());
  status.health_frozen = std::move(health.frozen);
  status.health_frozen_s = health.frozen_s;
  return status;
}

Status LiveBalancer::status_of_balancer() {
  const std::lock_guard guard(mutex_);
  settle();
  const Selector& selector = deployment_.selector();
  const Kernel& kernel = deployment_.kernel();
  const Generation& running = running_record();
  Status status;
  status.engine = kernel.engine();
  status.last_apply_verdict = last_ending_;
  status.uptime_s = static_cast<std::uint64_t>(unix_now_s() - started_s_);
  status.slot = selector.current();
  status.timer_alive = timer_ticks();
  status.timer_restarts = timer_restarts_;
  status.fallbacks = selector.fallbacks();
  status.memory_bytes = memory_bytes(kernel.memory().capacity);
  status.history_bytes = traffic_history_.bytes();
  status.unresolved_next_hops = deployment_.unresolved_next_hops();
  status.generation = running.number;
  status.confirmed = record_.number;
  status.digest = running.digest;
  status.file = running.file;
  status.author = running.author;
  status.applied_at = running.time;
  status.alerts = alerts_;
  describe_alarms(status);
  describe_audit(status);
  if (pending_) status.pending = describe_pending();
  if (!deployment_.running()) return status;
  const Model& model = deployment_.running()->model;
  status.xdp_mode = name(model.host.xdp_mode);
  status.interfaces = interface_names(model);
  return status;
}

Result<Snapshot> LiveBalancer::snapshot() {
  auto snapshot = counted();
  const HealthWitness* knows = witness();
  if (snapshot && knows != nullptr) snapshot->add(knows->report());
  return snapshot;
}

Result<Snapshot> LiveBalancer::counted() {
  const std::lock_guard guard(mutex_);
  settle();
  if (!deployment_.running()) return Error{"nothing runs yet"};
  return deployment_.snapshot();
}

std::string LiveBalancer::config_text() {
  const std::lock_guard guard(mutex_);
  settle();
  return running_text();
}

std::string LiveBalancer::config_file() {
  const std::lock_guard guard(mutex_);
  settle();
  return running_record().file;
}

std::vector<GenerationInfo> LiveBalancer::generations() {
  const std::lock_guard guard(mutex_);
  settle();
  std::vector<GenerationInfo> all;
  for (const Generation& g : history_.all())
    all.push_back({g.number, g.digest, g.author, g.reason, g.file, g.time, g.outcome, g.confirmed_by,
                   g.ended_because, g.accepted});
  return all;
}

Result<std::string> LiveBalancer::generation_text(std::uint64_t number) {
  const std::lock_guard guard(mutex_);
  return history_.text(number);
}

Result<TraceAnswer> LiveBalancer::trace(const Frame& frame) {
  const std::lock_guard guard(mutex_);
  settle();
  if (!deployment_.running()) return Error{"nothing runs yet"};
  // Not as the selector says: in a canary that could be the candidate's answer.
  auto answer = deployment_.kernel().run_dry(frame, deployment_.selector().current());
  if (!answer) return answer.error();
  return explain(frame, std::move(*answer), *deployment_.running());
}

Result<bool> LiveBalancer::refresh_next_hops() {
  const std::lock_guard guard(mutex_);
  settle();
  auditor_.look_now();
  return deployment_.refresh_next_hops();
}

Result<bool> LiveBalancer::set_health(const health::Overlay& overlay) {
  const std::lock_guard guard(mutex_);
  settle();
  return deployment_.set_health(overlay);
}

std::optional<Followed> LiveBalancer::follow(std::uint64_t revision) {
  const std::lock_guard guard(mutex_);
  settle();
  const auto& running = deployment_.running();
  if (!running || deployment_.revision() == revision) return std::nullopt;
  return Followed{deployment_.revision(), running->model, running->next_hops};
}

std::optional<MembersCounted> LiveBalancer::count_members(std::uint64_t reading, bool with_flows) {
  const std::lock_guard guard(mutex_);
  if (!deployment_.running() || readings_ == reading) return std::nullopt;
  std::optional<std::vector<health::FlowsLeft>> flows;
  if (with_flows) flows = flows_left(deployment_.kernel().memory());
  return MembersCounted{
      readings_, deployment_.revision(),
      steadfast::count_members(reading_, *deployment_.running(), flows ? &*flows : nullptr)};
}

void LiveBalancer::ask_about_health(const HealthWitness* witness) {
  const std::lock_guard guard(mutex_);
  witness_ = witness;
}

const HealthWitness* LiveBalancer::witness() {
  const std::lock_guard guard(mutex_);
  return witness_;
}

Result<std::vector<Examined>> LiveBalancer::examine(const std::string& pool, const std::string& backend) {
  const HealthWitness* knows = witness();
  if (knows == nullptr) return Error{"nobody watches the health of backends here"};
  return knows->examine(pool, backend);
}

}  // namespace steadfast
