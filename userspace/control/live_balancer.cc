// SPDX-License-Identifier: Apache-2.0
#include "control/live_balancer.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "base/bug.h"
#include "base/sha256.h"
#include "config/edit.h"
#include "control/admission.h"
#include "control/adopt.h"
#include "control/trace_answer.h"
#include "counters/stripes.h"

namespace steadfast {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kClockLagAllowed_s = 2;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

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
  for (const Acceptance& acceptance : accepted) all.push_back(acceptance.code + ":" + acceptance.object);
  return all;
}

bool same_capacity(const Limits& a, const Limits& b) {
  return a.services.value == b.services.value && a.backends.value == b.backends.value &&
         a.flows.value == b.flows.value;
}

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::applied: return "applied";
    case Verdict::unchanged: return "unchanged";
    case Verdict::refused: return "refused";
    case Verdict::gated: return "gated";
    case Verdict::failed: return "failed";
  }
  bug("a verdict of a change has a name");
}

LiveBalancer::LiveBalancer(Kernel& kernel, const Limits& limits, Surroundings around, std::optional<Journal> journal)
    : kernel_(kernel),
      publisher_(kernel),
      limits_(limits),
      around_(std::move(around)),
      journal_(std::move(journal)),
      identities_(limits),
      started_s_(unix_time_s()) {}

Result<std::unique_ptr<LiveBalancer>> LiveBalancer::open(Kernel& kernel, const Limits& limits, Surroundings around,
                                                         std::optional<Journal> journal) {
  std::unique_ptr<LiveBalancer> balancer(
      new LiveBalancer(kernel, limits, std::move(around), std::move(journal)));
  if (auto adopted = adopt(kernel.memory(), balancer->identities_); !adopted) return adopted.error();
  return balancer;
}

Outcome LiveBalancer::finish(Outcome outcome) {
  last_verdict_ = name(outcome.verdict);
  outcome.generation = running_ ? running_->generation : 0;
  return outcome;
}

std::uint64_t LiveBalancer::next_number() const {
  const std::uint64_t known = journal_ ? journal_->last_number() : history_.empty() ? 0 : history_.back().number;
  const std::uint32_t slot = kernel_.memory().selector->current;
  const std::uint64_t adopted = slot < SF_SLOTS ? kernel_.memory().slots[slot].generation : 0;
  return std::max(known, adopted) + 1;
}

// A next hop that is only being asked for again keeps its last answer: the
// kernel forgets neighbours that it does not itself send to.
void LiveBalancer::keep_pending(NextHops& hops) const {
  if (!running_) return;
  for (auto& [address, hop] : hops) {
    const auto before = running_->next_hops.find(address);
    if (!hop.pending || before == running_->next_hops.end() || !before->second.resolved()) continue;
    if (before->second.ifindex == hop.ifindex) hop = before->second;
  }
}

// Ids may run out although the limits allow the number, because those of
// removed backends are in quarantine. Only then is the flow table swept for them.
Result<void> LiveBalancer::compile_into(Candidate& candidate) {
  Running& next = candidate.running;
  auto tables = compile(next.model, next.generation, candidate.identities, next.next_hops);
  if (!tables) {
    if (auto swept = publisher_.forget_flows(identities_.backends.quarantined()); !swept) return swept;
    candidate.identities = identities_;
    candidate.identities.backends.release();
    candidate.identities.services.release();
    tables = compile(next.model, next.generation, candidate.identities, next.next_hops);
  }
  if (!tables) return tables.error();
  next.tables = std::move(*tables);
  return {};
}

Result<void> LiveBalancer::prepare(Candidate& candidate, Outcome& outcome) {
  const auto start = Clock::now();
  if (!same_capacity(candidate.running.model.limits, limits_))
    return Error{"[limits] differ from those the running tables were sized for; stop steadfastd and start it with "
                 "--from-file to apply them (flows are chosen again by the ring)"};
  auto hops = around_.resolve(candidate.running.model);
  if (!hops) return hops.error().while_doing("resolving next hops");
  keep_pending(*hops);
  candidate.running.next_hops = std::move(*hops);
  if (auto compiled = compile_into(candidate); !compiled) return compiled.error().while_doing("compiling");
  outcome.compile_ms = ms_since(start);
  return {};
}

// Counters of an id start at zero for a new owner; what the id had counted for
// an earlier one stays in the totals.
void LiveBalancer::zero_new_owners(const Identities& next) {
  Memory& memory = kernel_.memory();
  for (const auto& [identity, id] : next.services.ids())
    if (identities_.services.find(identity) == 0) retired_ += zero_service(memory, id);
  for (const auto& [identity, id] : next.backends.ids())
    if (identities_.backends.find(identity) == 0) zero_backend(memory, id);
}

// The journal holds the generation before a packet sees it, and names it as the
// running one right after.
Result<void> LiveBalancer::commit(Candidate candidate, const std::string& former_outcome, Outcome& outcome) {
  const bool fresh = !journal_ || journal_->find(candidate.record.number) == nullptr;
  if (journal_ && fresh)
    if (auto written = journal_->write(candidate.record, candidate.change.text); !written)
      return written.error().while_doing("writing the journal");
  // A running program may meet a new interface early; a new program must not
  // meet packets before it has tables.
  if (running_)
    if (auto attached = around_.attach(candidate.running.model); !attached) return attached;
  zero_new_owners(candidate.identities);
  const auto times = publisher_.publish(candidate.running.tables);
  if (!times) return times.error().while_doing("publishing generation " + std::to_string(candidate.record.number));
  if (!running_)
    if (auto attached = around_.attach(candidate.running.model); !attached) return attached;
  outcome.write_ms = times->write_ms;
  outcome.flip_us = times->flip_us;
  if (!history_.empty()) history_.back().outcome = former_outcome;
  candidate.record.outcome = "running";
  if (!journal_) history_.push_back(candidate.record);
  record_ = std::move(candidate.record);
  text_ = std::move(candidate.change.text);
  identities_ = std::move(candidate.identities);
  running_ = std::move(candidate.running);
  if (auto released = around_.release(running_->model); !released) return released;
  if (!journal_) return {};
  if (auto named = journal_->set_running(record_.number, former_outcome); !named)
    return named.error().while_doing("generation " + std::to_string(record_.number) +
                                     " runs, but the journal does not say so");
  return {};
}

Outcome LiveBalancer::transact(const Change& change, std::uint64_t number, const std::string& former_outcome) {
  const auto start = Clock::now();
  Outcome outcome;
  Admission admission = admit(change);
  outcome.verdict = admission.verdict;
  outcome.findings = std::move(admission.findings);
  outcome.check_ms = admission.check_ms;
  if (outcome.verdict != Verdict::applied) return finish(std::move(outcome));
  Generation record;
  record.number = number;
  record.digest = sha256_hex(change.text);
  record.author = change.author;
  record.reason = change.reason;
  record.file = change.file;
  record.time = rfc3339_now();
  record.accepted = texts(change.accepted);
  Candidate candidate{change, record, {number, std::move(*admission.model), {}, {}}, identities_};
  auto done = prepare(candidate, outcome);
  if (done) done = commit(std::move(candidate), former_outcome, outcome);
  if (!done) {
    outcome.verdict = Verdict::failed;
    outcome.error = done.error().what;
  }
  outcome.total_ms = ms_since(start);
  return finish(std::move(outcome));
}

Outcome LiveBalancer::apply(const Change& change) {
  const std::lock_guard guard(mutex_);
  return apply_locked(change);
}

Outcome LiveBalancer::apply_locked(const Change& change) {
  if (running_ && change.text == text_) {
    Outcome outcome;
    outcome.verdict = Verdict::unchanged;
    return finish(std::move(outcome));
  }
  return transact(change, next_number(), "replaced");
}

Outcome LiveBalancer::resume() {
  const std::lock_guard guard(mutex_);
  invariant(journal_ && journal_->running() != 0, "resume() needs a generation to resume");
  const Generation& record = *journal_->find(journal_->running());
  auto text = journal_->text(record.number);
  if (!text) {
    Outcome outcome;
    outcome.error = text.error().what;
    return finish(std::move(outcome));
  }
  Change change{std::move(*text), record.file, record.digest, record.author, record.reason, {}};
  for (const std::string& accepted : record.accepted) {
    const auto colon = accepted.find(':');
    change.accepted.push_back({accepted.substr(0, colon), accepted.substr(colon + 1)});
  }
  const std::string applied_at = record.time;
  Outcome outcome = transact(change, record.number, "running");
  record_.time = applied_at;
  return outcome;
}

Outcome LiveBalancer::edit(const BackendEdit& edit) {
  const std::lock_guard guard(mutex_);  // held throughout: an edit of text that has been replaced would undo the other change
  auto edited = config::edit_backend(text_, record_.file, edit);
  if (!edited.text) {
    Outcome outcome;
    outcome.verdict = Verdict::refused;
    outcome.findings = std::move(edited.findings);
    return finish(std::move(outcome));
  }
  return apply_locked({std::move(*edited.text), record_.file, {}, edit.author, edit.reason, edit.accepted});
}

Outcome LiveBalancer::rollback(std::uint64_t to, const std::string& author, const std::string& reason) {
  const std::lock_guard guard(mutex_);
  Outcome outcome;
  outcome.verdict = Verdict::failed;
  if (!journal_) {
    outcome.error = "there is no journal to roll back to";
    return finish(std::move(outcome));
  }
  const auto& all = journal_->generations();
  if (to == 0) {
    const auto before = std::find_if(all.rbegin(), all.rend(), [&](const Generation& generation) {
      return generation.number < record_.number && generation.outcome == "replaced" &&
             generation.digest != record_.digest;
    });
    if (before != all.rend()) to = before->number;
  }
  const Generation* target = journal_->find(to);
  auto text = target != nullptr ? journal_->text(to) : Result<std::string>(Error{"there is no generation to roll back to"});
  if (!text) {
    outcome.error = text.error().what;
    return finish(std::move(outcome));
  }
  Change change{std::move(*text), target->file, target->digest, author,
                reason.empty() ? "rollback to generation " + std::to_string(to) : reason, {}};
  for (const std::string& accepted : target->accepted) {
    const auto colon = accepted.find(':');
    change.accepted.push_back({accepted.substr(0, colon), accepted.substr(colon + 1)});
  }
  return transact(change, next_number(), "rolled-back");
}

Result<bool> LiveBalancer::refresh_next_hops() {
  const std::lock_guard guard(mutex_);
  if (!running_) return false;
  auto hops = around_.resolve(running_->model);
  if (!hops) return hops.error();
  keep_pending(*hops);
  if (*hops == running_->next_hops) return false;
  auto tables = compile(running_->model, running_->generation, identities_, *hops);
  if (!tables) return tables.error();
  if (auto published = publisher_.publish(*tables); !published) return published.error();
  running_->tables = std::move(*tables);
  running_->next_hops = std::move(*hops);
  return true;
}

// The timer writes the time of its last tick; a clock that lags has stopped,
// whatever it counted before.
bool LiveBalancer::clock_ticks() const {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec - kernel_.memory().selector->clock_s <= kClockLagAllowed_s;
}

Status LiveBalancer::status() const {
  const std::lock_guard guard(mutex_);
  Status status;
  status.engine = kernel_.engine();
  status.last_apply_verdict = last_verdict_;
  status.uptime_s = static_cast<std::uint64_t>(unix_time_s() - started_s_);
  status.slot = kernel_.memory().selector->current;
  status.timer_alive = clock_ticks();
  status.memory_bytes = memory_bytes(kernel_.memory().capacity);
  if (!running_) return status;
  status.generation = record_.number;
  status.digest = record_.digest;
  status.file = record_.file;
  status.author = record_.author;
  status.applied_at = record_.time;
  status.xdp_mode = name(running_->model.host.xdp_mode);
  for (const auto& interface : running_->model.host.interfaces) status.interfaces.push_back(interface.value);
  status.unresolved_next_hops =
      static_cast<std::size_t>(std::count_if(running_->next_hops.begin(), running_->next_hops.end(),
                                             [](const auto& hop) { return !hop.second.resolved(); }));
  return status;
}

Result<Snapshot> LiveBalancer::snapshot() {
  const std::lock_guard guard(mutex_);
  if (!running_) return Error{"nothing runs yet"};
  return collect(kernel_, *running_, retired_);
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
  for (const Generation& g : journal_ ? journal_->generations() : history_)
    all.push_back({g.number, g.digest, g.author, g.reason, g.file, g.time, g.outcome, g.accepted});
  return all;
}

Result<TraceAnswer> LiveBalancer::trace(const Frame& frame) {
  const std::lock_guard guard(mutex_);
  if (!running_) return Error{"nothing runs yet"};
  auto answer = kernel_.run_dry(frame);
  if (!answer) return answer.error();
  return explain(frame, std::move(*answer), *running_);
}

}  // namespace steadfast
