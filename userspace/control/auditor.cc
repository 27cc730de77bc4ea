// SPDX-License-Identifier: Apache-2.0
#include "control/auditor.h"

#include <algorithm>
#include <utility>

#include "audit/attachments.h"
#include "audit/findings.h"
#include "audit/selector.h"
#include "check/audit_rules.h"

namespace steadfast {
namespace {

constexpr std::uint64_t kSecond_ns = 1'000'000'000;
constexpr std::uint64_t kEventsKept_ns = 3600 * kSecond_ns;
constexpr std::size_t kEventsKept = 16;
// Whoever detaches a program tells nobody, and it must be known within a second.
constexpr std::uint64_t kTick_ns = kSecond_ns / 2;

double seconds(std::uint64_t ns) { return static_cast<double>(ns) / static_cast<double>(kSecond_ns); }

std::string gave_up(const audit::Repairs& repairs) {
  return repairs.gave_up() ? "; it was put right " + std::to_string(audit::kRepairsAtMost) +
                                 " times within a minute and came back: it stays until somebody looks"
                           : "";
}

}  // namespace

std::vector<audit::Written> Auditor::written() const {
  std::vector<audit::Written> all;
  for (const Deployment::InSlot& in : deployment_.in_slots())
    all.push_back({in.slot, &in.running->model, &in.running->tables, in.services});
  return all;
}

void Auditor::note(Finding finding, std::uint64_t now_ns) {
  events_.push_back({now_ns, std::move(finding)});
  if (events_.size() > kEventsKept) events_.pop_front();
}

void Auditor::look_at_selector() {
  selector_ = audit::compare_selector(deployment_.left_selector(), *deployment_.kernel().memory().selector);
}

void Auditor::look_at_programs() {
  const Running& running = *deployment_.running();
  programs_.clear();
  if (!deployment_.around().attached) return;
  auto attached = deployment_.around().attached(running.model);
  if (attached) {
    programs_ = audit::compare(running.model.host, running.model.file, *attached);
  } else {
    programs_ = {make(rules::kDetached, "host", running.model.host.place, attached.error().what)};
  }
}

// They are known anew only with a publication; with thousands of backends looking costs.
void Auditor::look_at_next_hops() {
  if (std::exchange(next_hops_of_, deployment_.writings()) == deployment_.writings()) return;
  next_hops_ = audit::of_next_hops(deployment_.running()->model, deployment_.running()->next_hops);
}

void Auditor::act_on_tables(Finding* event, std::uint64_t now_ns) {
  if (selector_.empty() && read_back_.standing().empty()) return;
  const AuditAction action = deployment_.running()->model.host.audit_tables;
  if (action == AuditAction::freeze && frozen_.empty())
    frozen_ = "the kernel's tables were written from outside (steadfast audit)";
  if (action != AuditAction::repair || (deployment_.is_pending() && !selector_.empty())) return;
  if (!tables_.may_repair(now_ns)) return;
  tables_.note(now_ns);
  const auto anew = deployment_.write_anew();
  if (anew) {
    look_at_selector();
    read_back_.forget_differences();
  }
  if (event == nullptr) return;
  event->message += anew ? "; the generation was written anew" : "; " + anew.error().what;
  if (anew) event->severity = Severity::warn;
}

void Auditor::act_on_programs(std::uint64_t now_ns) {
  if (programs_.empty()) return;
  const Model& model = deployment_.running()->model;
  if (model.host.audit_program == AuditAction::freeze && frozen_.empty())
    frozen_ = "the program was detached from outside (steadfast audit)";
  if (model.host.audit_program != AuditAction::repair || !program_.may_repair(now_ns)) return;
  program_.note(now_ns);
  Finding event = programs_.front();
  const auto again = deployment_.around().attach_again(model);
  event.message += again ? "; it was attached again" : "; attaching it again failed: " + again.error().what;
  if (again) event.severity = Severity::warn;
  note(std::move(event), now_ns);
  look_at_programs();
}

void Auditor::tend(std::uint64_t now_ns) {
  if (began_ns_ == 0) began_ns_ = now_ns;
  if (now_ns < due_ns_) return;
  due_ns_ = now_ns + kTick_ns;
  if (!deployment_.running()) return;
  look_at_programs();
  act_on_programs(now_ns);
  look_at_next_hops();
  std::optional<Finding> event = look_at_tables(now_ns, false);
  act_on_tables(event ? &*event : nullptr, now_ns);
  if (event) note(std::move(*event), now_ns);
}

// The event, when something is wrong that was right before.
std::optional<Finding> Auditor::look_at_tables(std::uint64_t now_ns, bool whole) {
  const bool selector_was_right = selector_.empty();
  look_at_selector();
  const Memory& memory = deployment_.kernel().memory();
  const std::uint64_t writings = deployment_.writings();
  auto found = whole ? read_back_.whole(memory, written(), writings, now_ns)
                     : read_back_.step(memory, written(), writings, now_ns);
  if (selector_was_right)
    found.differences.insert(found.differences.begin(), selector_.begin(), selector_.end());
  if (found.differences.empty()) return std::nullopt;
  return audit::of_foreign_write(found.differences, std::max(found.right_before_s, seconds(kTick_ns)));
}

void Auditor::look_at_all(std::uint64_t now_ns) {
  if (!deployment_.running()) return;
  look_at_programs();
  look_at_next_hops();
  if (auto event = look_at_tables(now_ns, true)) note(std::move(*event), now_ns);
}

void Auditor::begin_anew() {
  tables_.begin_anew();
  program_.begin_anew();
  frozen_.clear();
}

Findings Auditor::standing(std::uint64_t now_ns) const {
  std::vector<audit::Difference> differences = read_back_.standing();
  differences.insert(differences.begin(), selector_.begin(), selector_.end());
  Findings all = audit::of_differences(differences);
  for (Finding& finding : all) finding.message += gave_up(tables_);
  for (Finding finding : programs_) {
    finding.message += gave_up(program_);
    all.push_back(std::move(finding));
  }
  all.insert(all.end(), next_hops_.begin(), next_hops_.end());
  const Findings old = audit::of_age(read_back_age_s(now_ns));
  all.insert(all.end(), old.begin(), old.end());
  return all;
}

Findings Auditor::events(std::uint64_t now_ns) const {
  Findings recent;
  for (const Event& event : events_)
    if (now_ns - event.at_ns <= kEventsKept_ns) recent.push_back(event.finding);
  return recent;
}

std::uint64_t Auditor::entries() const {
  std::uint64_t entries = 0;
  for (const audit::Piece& piece : audit::pieces_of(deployment_.kernel().memory(), written()))
    entries += piece.count;
  return entries;
}

double Auditor::read_back_age_s(std::uint64_t now_ns) const {
  const std::uint64_t since = std::max(read_back_.whole_ns(), began_ns_);
  return since == 0 ? 0 : seconds(now_ns - since);
}

}  // namespace steadfast
