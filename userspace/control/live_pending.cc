// SPDX-License-Identifier: Apache-2.0
// LiveBalancer while a change is pending: from the flip to its end, whoever ends
// it: the operator, the daemon, or the kernel.
#include <algorithm>
#include <utility>

#include "base/fault_point.h"
#include "control/live_balancer.h"

namespace steadfast {
namespace {

constexpr std::uint64_t kSecond_ns = 1'000'000'000;
// So late the timer in the kernel must have acted; the daemon does it instead.
constexpr std::uint64_t kTimerLate_ns = kSecond_ns / 20;
constexpr std::uint64_t kClockLagAllowed_s = 2;
constexpr std::size_t kSightsKept = 10;

// Services whose flows a change moves or drops; none when it only says things differently.
std::set<std::string> touched_by(const Plan& plan) {
  std::set<std::string> endpoints;
  for (const ServiceMovement& service : plan.services)
    if (service.moved > 0 || service.dropped > 0)
      endpoints.insert(service.heir_endpoint.empty() ? service.endpoint : service.heir_endpoint);
  return endpoints;
}

}  // namespace

bool LiveBalancer::timer_ticks() const {
  const std::uint64_t clock_s = deployment_.kernel().memory().selector->clock_s;
  return now_ns() / kSecond_ns <= clock_s + kClockLagAllowed_s;
}

Result<void> LiveBalancer::need_timer() {
  if (timer_ticks()) return {};
  const auto restarted = deployment_.around().restart_timer();
  if (restarted) return {};
  return restarted.error().while_doing(
      "the timer in the kernel stands still, so nothing could undo the change");
}

// Everything that may fail comes before the flip; afterwards somebody must know
// what is pending.
Result<void> LiveBalancer::run_pending(const Change& change, Generation record,
                                       Deployment::Candidate candidate, const Plan& plan,
                                       const std::string& former_outcome) {
  if (auto timer = need_timer(); !timer) return timer;
  const std::uint64_t number = record.number;
  detect::ChangeMade made = change_made(record, plan, candidate.prepared.next.model);
  pending_.emplace(Pending{std::move(record),
                           change.text,
                           former_outcome,
                           Probation(change.confirmation, now_ns()),
                           touched_by(plan),
                           look(read_counters(deployment_.kernel().memory()), *deployment_.running()),
                           {}});
  const Probation& probation = pending_->probation;
  if (auto ran = deployment_.run_until(std::move(candidate), probation.deadline_ns(), probation.share());
      !ran) {
    pending_.reset();
    return ran.error().while_doing("publishing generation " + std::to_string(number));
  }
  fault_point("pending");
  note(std::move(made));
  auto noted = history_.set_outcome(number, outcome::kPending);
  if (!noted) end_pending(outcome::kRolledBack, "the journal cannot be written: " + noted.error().what);
  return noted;
}

// The kernel may have gone back since somebody last looked.
void LiveBalancer::settle() {
  if (deployment_.has_foreign_deadline()) take_foreign_deadline();
  if (!pending_ || deployment_.selector().is_pending()) return;
  const std::string back = std::to_string(record_.number);
  alert("generation " + std::to_string(pending_->record.number) +
        " was not confirmed in time; the kernel went back to generation " + back);
  give_up(outcome::kRolledBack, "not confirmed in time: the kernel went back to generation " + back);
}

// Packets have gone back already, and nothing can be undone any more: what fails
// now is an alert.
void LiveBalancer::give_up(const std::string& outcome, const std::string& because) {
  const std::uint64_t number = pending_->record.number;
  pending_.reset();
  if (auto back = deployment_.went_back(); !back) alert(back.error().what);
  if (auto set = history_.set_outcome(number, outcome, because); !set) {
    alert(set.error().what);
    journal_due_ = true;
  }
  go_on_living_with(record_.number);
}

// Order: the kernel first, or a daemon that dies in between would leave a
// confirmed generation in the journal that the kernel then takes away.
Result<void> LiveBalancer::finish_pending(const std::string& confirmed_by) {
  if (!deployment_.confirm()) {
    settle();
    return Error{"too late: the kernel has gone back to generation " + std::to_string(record_.number)};
  }
  fault_point("confirmed in the kernel");
  Pending pending = std::move(*pending_);
  pending_.reset();
  pending.record.confirmed_by = confirmed_by;
  make_known(std::move(pending.record), std::move(pending.text), pending.former_outcome, "");
  return {};
}

Outcome LiveBalancer::end_pending(const std::string& outcome, const std::string& because) {
  Outcome ended;
  ended.ending = Ending::applied;
  if (deployment_.cancel()) {
    fault_point("gone back");
    give_up(outcome, because);
  } else {
    settle();
  }
  return finish(std::move(ended));
}

Outcome LiveBalancer::confirm(const std::string& author) {
  const std::lock_guard guard(mutex_);
  begin_fault_scope("confirm");
  settle();
  if (!pending_ && !why_frozen().empty()) return thaw(author);
  if (!pending_) return refused("nothing is pending, so there is nothing to confirm");
  if (!pending_->probation.is_whole())
    return refused("the canary runs " + std::to_string(pending_->probation.share() * 100) +
                   " % of new flows: it is confirmed after its last stage");
  if (auto done = finish_pending(author); !done) return refused(done.error().what);
  Outcome outcome;
  outcome.ending = Ending::applied;
  return finish(std::move(outcome));
}

Outcome LiveBalancer::extend(double more_s, const std::string&) {
  const std::lock_guard guard(mutex_);
  settle();
  if (!pending_) return refused("nothing is pending, so there is nothing to extend");
  Probation longer = pending_->probation;
  longer.extend(more_s);
  if (!deployment_.extend(longer.deadline_ns())) {
    settle();
    return refused("too late: the kernel has gone back to generation " + std::to_string(record_.number));
  }
  pending_->probation = longer;
  Outcome outcome;
  outcome.ending = Ending::pending;
  return finish(std::move(outcome));
}

Outcome LiveBalancer::cancel(const std::string& author, const std::string& reason) {
  const std::lock_guard guard(mutex_);
  begin_fault_scope("cancel");
  settle();
  if (!pending_) return refused("nothing is pending, so there is nothing to cancel");
  return end_pending(outcome::kCancelled, "cancelled by " + author + (reason.empty() ? "" : ": " + reason));
}

std::uint64_t LiveBalancer::tend() {
  auto silent = hear_of_silence();
  const std::lock_guard guard(mutex_);
  if (silent) silent_ = std::move(*silent);
  settle();
  const std::uint64_t now = now_ns();
  if (now >= next_record_ns_) record_traffic(now);
  if (now >= next_timer_check_ns_) look_after_timer(now);
  if (pending_) act_on_due();
  if (deployment_.is_refresh_due())
    if (auto refreshed = deployment_.refresh_next_hops(); !refreshed) alert(refreshed.error().what);
  if (journal_due_) journal_due_ = !history_.save().has_value();
  auditor_.tend(now);
  std::uint64_t next = std::min({next_record_ns_, next_timer_check_ns_, auditor_.due_ns()});
  if (!pending_) return next;
  if (const std::uint64_t due = pending_->probation.due_ns(); due != 0) next = std::min(next, due);
  return std::min(next, pending_->probation.deadline_ns() + kTimerLate_ns);
}

void LiveBalancer::act_on_due() {
  const std::uint64_t now = now_ns();
  const Probation& probation = pending_->probation;
  if (now >= probation.deadline_ns() + kTimerLate_ns && deployment_.fall_back_when_due()) return settle();
  if (probation.is_guarded())
    if (const Judgement judgement = judge_pending(); judgement.colour == Judgement::Colour::red)
      return roll_back_pending(judgement.sentence);
  if (probation.due_ns() == 0 || now < probation.due_ns()) return;
  if (probation.is_whole())
    decide();
  else
    widen(now);
}

void LiveBalancer::widen(std::uint64_t now) {
  pending_->probation.next_stage(now);
  const Probation& probation = pending_->probation;
  if (!deployment_.widen(probation.deadline_ns(), probation.share())) return settle();
  if (probation.is_whole() && probation.due_ns() != 0 && now >= probation.due_ns()) decide();
}

// A guard that has seen nothing is not green: what confirms itself because the
// guard is content goes back then.
void LiveBalancer::decide() {
  const Judgement judgement = judge_pending();
  if (judgement.colour != Judgement::Colour::green && pending_->probation.needs_green())
    return roll_back_pending(judgement.sentence);
  if (auto done = finish_pending("the guard: " + judgement.sentence); !done) alert(done.error().what);
}

void LiveBalancer::roll_back_pending(const std::string& because) {
  alert("generation " + std::to_string(pending_->record.number) + " was rolled back: " + because);
  end_pending(outcome::kRolledBack, because);
}

// Since the flip, and over the last seconds alone: a fault that begins late would
// drown in what went well before.
Judgement LiveBalancer::judge_pending() {
  const Sight now = look(read_counters(deployment_.kernel().memory()), *deployment_.pending());
  const Sight& flip = pending_->at_flip;
  const Sight& earlier = sights_.empty() ? flip : sights_.front();
  const double share = pending_->probation.share();
  if (!pending_->since.empty())
    if (Judgement lately = judge({earlier, flip, pending_->since.front(), now, share, pending_->touched});
        lately.colour == Judgement::Colour::red)
      return lately;
  return judge({earlier, flip, flip, now, share, pending_->touched});
}

void LiveBalancer::record_traffic(std::uint64_t now) {
  next_record_ns_ = now + kSecond_ns;
  if (!deployment_.running()) return;
  reading_ = read_counters(deployment_.kernel().memory());
  ++readings_;
  recorder_.sample(reading_, *deployment_.running(), deployment_.revision(), now_s());
  record_history();
  std::deque<Sight>& sights = pending_ ? pending_->since : sights_;
  sights.push_back(look(reading_, pending_ ? *deployment_.pending() : *deployment_.running()));
  if (sights.size() > kSightsKept) sights.pop_front();
  detect(sights.back(), pending_ ? *deployment_.pending() : *deployment_.running());
}

// The timer has no watcher in the kernel; the daemon is it. Should the timer die
// while the daemon is dead, forwarding goes on, but nothing would go back.
void LiveBalancer::look_after_timer(std::uint64_t now) {
  next_timer_check_ns_ = now + kSecond_ns;
  const std::uint64_t ticks = deployment_.selector().ticks();
  if (std::exchange(ticks_seen_, ticks) != ticks) return;
  const auto restarted = deployment_.around().restart_timer();
  if (!restarted) return alert(restarted.error().while_doing("the timer in the kernel stands still").what);
  if (!*restarted) return;
  ++timer_restarts_;
  alert("the timer in the kernel stood still; it was started again");
}

void LiveBalancer::alert(const std::string& sentence) {
  if (std::find(alerts_.begin(), alerts_.end(), sentence) == alerts_.end()) alerts_.push_back(sentence);
}

}  // namespace steadfast
