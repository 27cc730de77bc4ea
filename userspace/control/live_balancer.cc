// SPDX-License-Identifier: Apache-2.0
#include "control/live_balancer.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "base/bug.h"
#include "base/sha256.h"
#include "config/edit.h"
#include "control/admission.h"
#include "control/api.h"
#include "control/trace_answer.h"

namespace steadfast {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kClockLagAllowed_s = 2;

double unix_time_s() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
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

// The journal keeps them as texts() wrote them.
std::vector<Acceptance> acceptances(const std::vector<std::string>& texts) {
  std::vector<Acceptance> all;
  for (const std::string& text : texts)
    if (auto parsed = api::parse_acceptance(text)) all.push_back(std::move(*parsed));
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
  record.accepted = texts(change.accepted);
  return record;
}

Change change_of(const Generation& record, std::string text) {
  return {std::move(text), record.file,   record.digest,
          record.author,   record.reason, acceptances(record.accepted)};
}

// The timer writes the time of its last tick; a clock that lags has stopped,
// whatever it counted before.
bool clock_ticks(const Kernel& kernel) {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec - kernel.memory().selector->clock_s <= kClockLagAllowed_s;
}

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::applied:
      return "applied";
    case Verdict::unchanged:
      return "unchanged";
    case Verdict::refused:
      return "refused";
    case Verdict::gated:
      return "gated";
    case Verdict::failed:
      return "failed";
  }
  bug("a verdict of a change has a name");
}

LiveBalancer::LiveBalancer(Kernel& kernel, const Limits& limits, Surroundings around,
                           std::optional<Journal> journal)
    : deployment_(kernel, limits, std::move(around)),
      journal_(std::move(journal)),
      started_s_(unix_time_s()) {}

Result<std::unique_ptr<LiveBalancer>> LiveBalancer::open(Kernel& kernel, const Limits& limits,
                                                         Surroundings around,
                                                         std::optional<Journal> journal) {
  std::unique_ptr<LiveBalancer> balancer(
      new LiveBalancer(kernel, limits, std::move(around), std::move(journal)));
  if (auto adopted = balancer->deployment_.adopt(); !adopted) return adopted.error();
  return balancer;
}

Outcome LiveBalancer::finish(Outcome outcome) {
  last_verdict_ = name(outcome.verdict);
  outcome.generation = record_.number;
  return outcome;
}

Outcome LiveBalancer::failed(std::string error) {
  Outcome outcome;
  outcome.error = std::move(error);
  return finish(std::move(outcome));
}

const std::vector<Generation>& LiveBalancer::history() const {
  return journal_ ? journal_->generations() : history_;
}

std::uint64_t LiveBalancer::next_number() const {
  const std::uint64_t known = history().empty() ? 0 : history().back().number;
  return std::max(known, deployment_.generation_in_kernel()) + 1;
}

void LiveBalancer::remember(Generation record, const std::string& former_outcome) {
  record.outcome = "running";
  if (!journal_) {
    if (!history_.empty()) history_.back().outcome = former_outcome;
    history_.push_back(record);
  }
  record_ = std::move(record);
}

// The journal holds the generation before a packet sees it, and names it as the
// running one right after.
Result<void> LiveBalancer::commit(Model model, Generation record, const Change& change,
                                  const std::string& former_outcome, Outcome& outcome) {
  auto prepared = deployment_.prepare(std::move(model), record.number);
  if (!prepared) return prepared.error();
  outcome.compile_ms = prepared->compile_ms;
  if (journal_ && journal_->find(record.number) == nullptr)
    if (auto written = journal_->write(record, change.text); !written)
      return written.error().while_doing("writing the journal");
  const auto times = deployment_.publish(std::move(*prepared));
  if (!times) return times.error().while_doing("publishing generation " + std::to_string(record.number));
  outcome.write_ms = times->write_ms;
  outcome.flip_us = times->flip_us;
  text_ = change.text;
  remember(std::move(record), former_outcome);
  if (!journal_) return {};
  if (auto named = journal_->set_running(record_.number, former_outcome); !named)
    return named.error().while_doing("generation " + std::to_string(record_.number) +
                                     " runs, but the journal does not say so");
  return {};
}

Outcome LiveBalancer::transact(const Change& change, Generation record, const std::string& former_outcome) {
  const auto start = Clock::now();
  Outcome outcome;
  Admission admission = admit(change);
  outcome.verdict = admission.verdict;
  outcome.findings = std::move(admission.findings);
  outcome.check_ms = admission.check_ms;
  if (outcome.verdict != Verdict::applied) return finish(std::move(outcome));
  const auto done = commit(std::move(*admission.model), std::move(record), change, former_outcome, outcome);
  if (!done) {
    outcome.verdict = Verdict::failed;
    outcome.error = done.error().what;
  }
  outcome.total_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  return finish(std::move(outcome));
}

Outcome LiveBalancer::apply(const Change& change) {
  const std::lock_guard guard(mutex_);
  return apply_locked(change);
}

Outcome LiveBalancer::apply_locked(const Change& change) {
  if (deployment_.running() && change.text == text_) {
    Outcome outcome;
    outcome.verdict = Verdict::unchanged;
    return finish(std::move(outcome));
  }
  return transact(change, record_of(change, next_number()), "replaced");
}

Outcome LiveBalancer::resume() {
  const std::lock_guard guard(mutex_);
  invariant(journal_ && journal_->running() != 0, "resume() needs a generation to resume");
  const Generation record = *journal_->find(journal_->running());
  auto text = journal_->text(record.number);
  if (!text) return failed(text.error().what);
  return transact(change_of(record, std::move(*text)), record, "running");
}

// The lock is held throughout: an edit of text that has meanwhile been replaced
// would undo the other change.
Outcome LiveBalancer::edit(const BackendEdit& edit) {
  const std::lock_guard guard(mutex_);
  auto edited = config::edit_backend(text_, record_.file, edit);
  if (!edited.text) {
    Outcome outcome;
    outcome.verdict = Verdict::refused;
    outcome.findings = std::move(edited.findings);
    return finish(std::move(outcome));
  }
  return apply_locked({std::move(*edited.text), record_.file, {}, edit.author, edit.reason, edit.accepted});
}

// The last one that ran before the running one and was not itself undone; 0 = none.
std::uint64_t LiveBalancer::generation_before() const {
  const auto& all = history();
  const auto before = std::find_if(all.rbegin(), all.rend(), [&](const Generation& generation) {
    return generation.number < record_.number && generation.outcome == "replaced" &&
           generation.digest != record_.digest;
  });
  return before == all.rend() ? 0 : before->number;
}

Outcome LiveBalancer::rollback(std::uint64_t to, const std::string& author, const std::string& reason) {
  const std::lock_guard guard(mutex_);
  if (!journal_) return failed("there is no journal to roll back to");
  if (to == 0) to = generation_before();
  const Generation* target = journal_->find(to);
  if (target == nullptr)
    return failed(to == 0 ? "there is no generation to roll back to"
                          : "generation " + std::to_string(to) + " is not in the journal");
  auto text = journal_->text(to);
  if (!text) return failed(text.error().what);
  Change change = change_of(*target, std::move(*text));
  change.author = author;
  change.reason = reason.empty() ? "rollback to generation " + std::to_string(to) : reason;
  return transact(change, record_of(change, next_number()), "rolled-back");
}

Result<bool> LiveBalancer::refresh_next_hops() {
  const std::lock_guard guard(mutex_);
  return deployment_.refresh_next_hops();
}

Status LiveBalancer::status() const {
  const std::lock_guard guard(mutex_);
  const Kernel& kernel = deployment_.kernel();
  Status status;
  status.engine = kernel.engine();
  status.last_apply_verdict = last_verdict_;
  status.uptime_s = static_cast<std::uint64_t>(unix_time_s() - started_s_);
  status.slot = kernel.memory().selector->current;
  status.timer_alive = clock_ticks(kernel);
  status.memory_bytes = memory_bytes(kernel.memory().capacity);
  status.unresolved_next_hops = deployment_.unresolved_next_hops();
  status.generation = record_.number;
  status.digest = record_.digest;
  status.file = record_.file;
  status.author = record_.author;
  status.applied_at = record_.time;
  if (!deployment_.running()) return status;
  const Host& host = deployment_.running()->model.host;
  status.xdp_mode = name(host.xdp_mode);
  for (const auto& interface : host.interfaces) status.interfaces.push_back(interface.value);
  return status;
}

Result<Snapshot> LiveBalancer::snapshot() {
  const std::lock_guard guard(mutex_);
  if (!deployment_.running()) return Error{"nothing runs yet"};
  return deployment_.snapshot();
}

std::string LiveBalancer::config_text() const {
  const std::lock_guard guard(mutex_);
  return text_;
}

std::string LiveBalancer::config_file() const {
  const std::lock_guard guard(mutex_);
  return record_.file;
}

std::vector<GenerationInfo> LiveBalancer::generations() const {
  const std::lock_guard guard(mutex_);
  std::vector<GenerationInfo> all;
  for (const Generation& g : history())
    all.push_back({g.number, g.digest, g.author, g.reason, g.file, g.time, g.outcome, g.accepted});
  return all;
}

Result<TraceAnswer> LiveBalancer::trace(const Frame& frame) {
  const std::lock_guard guard(mutex_);
  if (!deployment_.running()) return Error{"nothing runs yet"};
  auto answer = deployment_.kernel().run_dry(frame);
  if (!answer) return answer.error();
  return explain(frame, std::move(*answer), *deployment_.running());
}

}  // namespace steadfast
