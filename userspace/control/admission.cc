// SPDX-License-Identifier: Apache-2.0
#include "control/admission.h"

#include <algorithm>
#include <chrono>

#include "base/clock.h"
#include "base/fault_point.h"
#include "base/sha256.h"
#include "check/check.h"
#include "config/schema_rules.h"

namespace steadfast {
namespace {

constexpr std::size_t kShownDigits = 12;

bool is_accepted(const Finding& finding, const std::vector<Acceptance>& accepted) {
  return std::any_of(accepted.begin(), accepted.end(), [&](const Acceptance& acceptance) {
    return acceptance.code == finding.code && acceptance.object == finding.object;
  });
}

bool is_gated(const Findings& findings, const std::vector<Acceptance>& accepted) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.severity == Severity::gate && !is_accepted(finding, accepted);
  });
}

Finding altered(const Change& change, const std::string& digest) {
  Finding finding = make(config::kBrokenFile, "file", {},
                         "the bytes received have digest " + digest.substr(0, kShownDigits) +
                             ", the bytes checked had " + change.sha256.substr(0, kShownDigits));
  finding.file = change.file;
  return finding;
}

void append(Findings more, Findings& findings) {
  std::move(more.begin(), more.end(), std::back_inserter(findings));
}

// A finding that nobody has placed is about the file as a whole.
void append_about(const Change& change, Findings more, Findings& findings) {
  for (Finding& finding : more)
    if (finding.file.empty()) finding.file = change.file;
  append(std::move(more), findings);
}

// What stands in the way of it, or `otherwise`.
Ending ending_of(const Change& change, const Findings& findings, Ending otherwise) {
  if (tally(findings).errors != 0) return Ending::refused;
  return is_gated(findings, change.accepted) ? Ending::gated : otherwise;
}

// Tests are refused like the file they stand beside: all findings at once.
void read_tests(const Change& change, Admission& admission) {
  for (const rehearsal::TestText& test : change.tests) {
    Findings findings;
    admission.tests.push_back(rehearsal::parse_tests(test.text, test.file, findings));
    append(std::move(findings), admission.findings);
  }
}

PlanSide side_of(const std::optional<Running>& running) {
  return running ? PlanSide{&running->model, &running->next_hops} : PlanSide{};
}

// What the change does, and what is wrong with that.
void judge_change(const Change& change, const Deployment& deployment, const ChangeFacts& facts,
                  Admission& admission) {
  const PlanSide before = side_of(deployment.running());
  const NextHops* hops = admission.error.empty() ? &admission.next_hops : nullptr;
  admission.plan = make_plan(before, {&*admission.model, hops}, facts.traffic);
  Findings findings;
  check_change(before.model, *admission.model, admission.plan, facts, findings);
  sort(findings);
  append_about(change, std::move(findings), admission.findings);
}

// What this host would do to what the change adds or alters.
void judge_host(const Change& change, const Deployment& deployment, Admission& admission) {
  const auto& running = deployment.running();
  append_about(change,
               deployment.around().examine_change(*admission.model, running ? &running->model : nullptr),
               admission.findings);
}

bool resolve(const Deployment& deployment, Deployment::Patience patience, Admission& admission) {
  auto hops = deployment.resolve(*admission.model, patience);
  if (!hops) {
    admission.error = hops.error().what;
    return false;
  }
  admission.next_hops = std::move(*hops);
  fault_point("next hops resolved");
  return true;
}

void admit_file(const Change& change, Admission& admission) {
  Checked checked = check(change.text, change.file, Date::today());
  admission.findings = std::move(checked.findings);
  admission.model = std::move(checked.model);
  read_tests(change, admission);
  fault_point("file checked");
}

void admit_change(const Change& change, const Deployment& deployment, const ChangeFacts& facts,
                  Admission& admission) {
  admit_file(change, admission);
  if (!admission.model) return;
  const bool resolved = resolve(deployment, Deployment::Patience::neighbours, admission);
  judge_change(change, deployment, facts, admission);
  judge_host(change, deployment, admission);
  fault_point("change judged");
  admission.ending = ending_of(change, admission.findings, resolved ? Ending::applied : Ending::failed);
}

}  // namespace

Admission admit(const Change& change, const Deployment& deployment, const ChangeFacts& facts) {
  Admission admission;
  const std::string digest = sha256_hex(change.text);
  if (!change.sha256.empty() && change.sha256 != digest) {
    admission.findings.push_back(altered(change, digest));
    return admission;
  }
  const auto start = std::chrono::steady_clock::now();
  admit_change(change, deployment, facts, admission);
  admission.check_ms = ms_since(start);
  return admission;
}

void add_objections(Findings more, const Change& change, Admission& admission) {
  append_about(change, std::move(more), admission.findings);
  admission.ending = ending_of(change, admission.findings, admission.ending);
}

Admission admit_again(const std::string& text, const std::string& file, const Deployment& deployment) {
  Admission admission;
  Change change;
  change.text = text;
  change.file = file;
  admit_file(change, admission);
  if (admission.model)
    admission.ending =
        resolve(deployment, Deployment::Patience::none, admission) ? Ending::applied : Ending::failed;
  return admission;
}

}  // namespace steadfast
