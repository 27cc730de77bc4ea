// SPDX-License-Identifier: Apache-2.0
// LiveBalancer and the audit: what is declared against what is, and what may not
// be changed until somebody has looked.
#include <chrono>

#include "audit/findings.h"
#include "base/clock.h"
#include "check/audit_rules.h"
#include "control/live_balancer.h"
#include "journal/durable_file.h"

namespace steadfast {
namespace {

using Clock = std::chrono::steady_clock;

// Silence for less than this says nothing about a service.
constexpr double kSilent_s = 24 * 3600;

void add(Findings more, Findings& findings) {
  findings.insert(findings.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

Finding unknown(const std::string& because, const Model& model) {
  Finding finding = make(rules::kNothingDeclared, "host", model.host.place, because);
  finding.file = model.file;
  return finding;
}

// A file that cannot be read would not start a daemon either.
Findings compare_file(const std::string& path, const std::string& running_text, const Model& running) {
  if (path.empty()) return {};
  const auto text = read_whole(path);
  return audit::of_file(text ? *text : "", path, running_text, running);
}

}  // namespace

std::string LiveBalancer::why_frozen() const { return unknown_ ? unknown_->because : auditor_.frozen(); }

Outcome LiveBalancer::refused_frozen() {
  Outcome outcome;
  outcome.ending = Ending::refused;
  outcome.error =
      "nothing is changed until `steadfast confirm` says that what runs is right: " + why_frozen();
  if (unknown_) outcome.findings.push_back(unknown(unknown_->because, deployment_.running()->model));
  return finish(std::move(outcome));
}

Outcome LiveBalancer::resume_unknown(const KeptText& kept, const std::string& because, Journal journal) {
  const std::lock_guard guard(mutex_);
  Change change;
  change.text = kept.text;
  change.file = kept.file;
  change.reason = because;
  Generation record = record_of(change, kept.number);
  Outcome outcome = carry_out(change, std::move(record), admit_again(change.text, change.file, deployment_),
                              outcome::kReplaced);
  unknown_.emplace(Unknown{because, std::move(journal)});
  return outcome;
}

// What runs becomes a generation of its own in the journal: nobody can say any more
// whose the number was that it has in the kernel.
Outcome LiveBalancer::thaw(const std::string& author) {
  if (!unknown_) {
    auditor_.begin_anew();
    Outcome outcome;
    outcome.ending = Ending::applied;
    return finish(std::move(outcome));
  }
  history_ = History(std::move(unknown_->journal));
  unknown_.reset();
  Change change;
  change.text = text_;
  change.file = record_.file;
  change.author = author;
  change.reason = "confirmed that what the kernel ran was right";
  return carry_out(change, record_of(change, next_number()),
                   admit_again(change.text, change.file, deployment_), outcome::kReplaced);
}

void LiveBalancer::keep_text(std::uint64_t number, const std::string& file, const std::string& text) {
  if (auto kept = deployment_.around().keep_text({number, file, text}); !kept) alert(kept.error().what);
}

void LiveBalancer::describe_audit(Status& status) const {
  status.audit.found = found_;
  if (unknown_) status.alerts.push_back("SF903: " + unknown_->because);
  for (const Finding& finding : auditor_.events(now_ns()))
    status.alerts.push_back(finding.code + ": " + finding.message);
  for (const Finding& finding : auditor_.standing(now_ns())) {
    ++status.audit.found[finding.code];
    if (finding.severity == Severity::error) status.alerts.push_back(finding.code + ": " + finding.message);
  }
  status.audit.read_back_age_s = auditor_.read_back_age_s(now_ns());
  status.audit.whole_at_s = whole_audit_s_;
  status.audit.repairs = auditor_.repairs();
  status.audit.frozen = why_frozen();
  if (deployment_.running()) status.tables_digest = tables_digest();
}

// Whatever the file says about repairs: a change must find nothing pending.
void LiveBalancer::take_foreign_deadline() {
  auditor_.look_now();
  auditor_.tend(now_ns());
  if (deployment_.has_foreign_deadline()) deployment_.take_foreign_deadline();
}

Findings LiveBalancer::audit_kernel() {
  auditor_.look_at_all(now_ns());
  Findings findings = auditor_.standing(now_ns());
  // The doctor looks at every route itself, and says more about it.
  if (deployment_.around().has_host)
    std::erase_if(findings, [](const Finding& finding) { return finding.code.starts_with("SF7"); });
  add(auditor_.events(now_ns()), findings);
  const Running& running = *deployment_.running();
  if (unknown_) findings.push_back(unknown(unknown_->because, running.model));
  const double up_s = unix_now_s() - started_s_;
  const auto snapshot = deployment_.snapshot();
  if (snapshot && up_s >= kSilent_s) add(audit::of_silence(running.model, *snapshot, up_s), findings);
  return findings;
}

// The lock is held only while the kernel is looked at: files and the host may take
// their time.
Result<AuditReport> LiveBalancer::audit() {
  const auto start = Clock::now();
  std::unique_lock lock(mutex_);
  settle();
  if (!deployment_.running()) return Error{"nothing runs yet"};
  AuditReport report;
  report.findings = audit_kernel();
  report.generation = running_record().number;
  report.digest = running_record().digest;
  report.file = running_record().file;
  report.tables_digest = tables_digest();
  report.entries = auditor_.entries();
  const Model model = deployment_.running()->model;
  const std::string text = running_text();
  lock.unlock();
  Findings beside = compare_file(deployment_.around().config_file, text, model);
  add(audit::of_exceptions(text, report.file, Date::today()), beside);
  add(deployment_.around().examine_host(model), beside);
  lock.lock();
  whole_audit_s_ = unix_now_s();
  found_.clear();
  for (const Finding& finding : beside) ++found_[finding.code];
  lock.unlock();
  add(std::move(beside), report.findings);
  sort(report.findings);
  report.took_ms = ms_since(start);
  return report;
}

// Of the file, whatever health takes away: balancers see their backends differently.
const std::string& LiveBalancer::tables_digest() const {
  if (const std::uint64_t revision = deployment_.revision() + 1; digest_revision_ != revision) {
    digest_ = digest(deployment_.running()->model);
    digest_revision_ = revision;
  }
  return digest_;
}

}  // namespace steadfast
