// SPDX-License-Identifier: Apache-2.0
#include "control/live_balancer.h"

#include <algorithm>

#include "base/bug.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/fault_point.h"
#include "base/sha256.h"
#include "config/edit.h"
#include "control/api.h"

namespace steadfast {
namespace {

std::vector<std::string> texts(const std::vector<Acceptance>& accepted) {
  std::vector<std::string> all;
  all.reserve(accepted.size());
  for (const Acceptance& acceptance : accepted) all.push_back(api::text(acceptance));
  return all;
}

}  // namespace

Generation LiveBalancer::record_of(const Change& change, std::uint64_t number) {
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

LiveBalancer::LiveBalancer(Kernel& kernel, const Limits& limits, Surroundings around,
                           std::optional<Journal> journal, Life* life)
    : deployment_(kernel, limits, std::move(around)),
      history_(std::move(journal)),
      life_(life),
      started_s_(unix_now_s()) {}

Result<std::unique_ptr<LiveBalancer>> LiveBalancer::open(Kernel& kernel, const Limits& limits,
                                                         Surroundings around, std::optional<Journal> journal,
                                                         Life* life) {
  std::unique_ptr<LiveBalancer> balancer(
      new LiveBalancer(kernel, limits, std::move(around), std::move(journal), life));
  if (auto adopted = balancer->deployment_.adopt(); !adopted) return adopted.error();
  return balancer;
}

Outcome LiveBalancer::apply(const Change& change) {
  std::unique_lock lock(mutex_);
  begin_fault_scope(deployment_.running() ? "apply" : "first");
  return apply_locked(lock, change, Kind::file);
}

Outcome LiveBalancer::apply_locked(std::unique_lock<std::mutex>& lock, const Change& change, Kind kind) {
  settle();
  if (!why_frozen().empty()) return refused_frozen();
  // While something is pending even the same bytes are another change: they would
  // end a canary, or make final what is not.
  if (deployment_.running() && !pending_ && change.text == text_) {
    Outcome outcome;
    outcome.ending = Ending::unchanged;
    return finish(std::move(outcome));
  }
  if (!deployment_.running() && !change.confirmation.is_final())
    return refused("nothing runs yet: the first generation has none to go back to");
  Admission admission = admit(change, deployment_, facts(change, kind));
  const Standpoint judged_from = standpoint();
  probe_unlocked(lock, change, admission);
  if (standpoint() != judged_from)
    return refused(
        "something else was changed while backends were asked, so what was judged is not what runs: try "
        "again");
  return carry_out(change, record_of(change, next_number()), std::move(admission), outcome::kReplaced);
}

LiveBalancer::Standpoint LiveBalancer::standpoint() const {
  return {generation_running(), next_number(), pending_ ? pending_->record.number : 0, why_frozen()};
}

// An edit of text that has meanwhile been replaced would undo the other change: it is
// judged from where it was made.
Outcome LiveBalancer::edit(const BackendEdit& edit) {
  std::unique_lock lock(mutex_);
  begin_fault_scope("edit");
  auto edited = config::edit_backend(text_, record_.file, edit);
  if (edited.text) {
    Change change;
    change.text = std::move(*edited.text);
    change.file = record_.file;
    change.author = edit.author;
    change.reason = edit.reason;
    change.accepted = edit.accepted;
    return apply_locked(lock, change, Kind::edit);
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
  if (!pending_ && !why_frozen().empty()) return refused_frozen();
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

}  // namespace steadfast
