// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <ctime>
#include <ostream>

#include "base/sha256.h"
#include "check/check.h"
#include "control/client.h"
#include "journal/durable_file.h"
#include "plan/sealed_plan.h"
#include "report/plan_text.h"
#include "tools/steadfast/candidate.h"
#include "tools/steadfast/input.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

// What a plan was made of, and what it says.
struct Planned {
  PlanAnswer answer;
  std::string base;  // name of what it is compared with
};

Checked check_today(const std::string& text, const std::string& name) {
  return check(text, name, Date::today());
}

// Against a file that stands for what runs: nobody counted, and nobody resolved a next hop.
Result<Planned> plan_offline(const std::string& base_path, const Candidate& candidate, Checked checked) {
  const auto base = read_input(base_path);
  if (!base) return base.error();
  const Checked before = check_today(base->text, base->name);
  if (!before.model) return Error{base->name + " has errors: it cannot be what runs (steadfast check)"};
  PlanAnswer answer;
  answer.base.digest = sha256_hex(base->text);
  answer.plan = make_plan({&*before.model, nullptr}, {&*checked.model, nullptr}, {});
  answer.findings = std::move(checked.findings);
  ChangeFacts facts;
  facts.running = answer.base;
  facts.expected = candidate.base;
  check_change(&*before.model, *checked.model, answer.plan, facts, answer.findings);
  sort(answer.findings);
  return Planned{std::move(answer), base->name};
}

Result<Planned> plan_online(const Candidate& candidate, const Terminal& terminal) {
  Change change;
  change.text = candidate.text;
  change.file = candidate.journal_name;
  change.sha256 = sha256_hex(candidate.text);
  change.author = terminal.author;
  change.base = candidate.base;
  auto answer = ControlClient(terminal.control).plan(change);
  if (!answer) return answer.error();
  name_as_typed(answer->findings, candidate);
  const std::string base = "generation " + std::to_string(answer->base.generation);
  return Planned{std::move(*answer), base};
}

Result<void> write_plan(const std::string& path, const Planned& planned, const Candidate& candidate,
                        const Terminal& terminal) {
  SealedPlan plan;
  plan.base_generation = planned.answer.base.generation;
  plan.base_digest = planned.answer.base.digest;
  plan.file = candidate.journal_name;
  plan.digest = sha256_hex(candidate.text);
  plan.text = candidate.text;
  plan.made_at = rfc3339_now();
  plan.author = terminal.author;
  plan.summary = report::plan_headline(planned.answer.plan);
  if (auto written = write_durably(path, seal(plan)); !written)
    return written.error().while_doing("writing " + path);
  return {};
}

void print(const Planned& planned, const Candidate& candidate, const Arguments& arguments,
           Terminal& terminal) {
  if (arguments.has("--json")) {
    terminal.out << api::encode(planned.answer);
    return;
  }
  terminal.out << report::plan_text(planned.answer.plan, {planned.base, candidate.name}, terminal.colour);
  if (!planned.answer.findings.empty()) terminal.out << "\n";
  print_findings(gravest_first(planned.answer.findings), candidate.text, terminal);
  if (!planned.answer.problem.empty())
    terminal.err << "steadfast: the change would fail: " << planned.answer.problem << "\n";
}

// What stands against the change, or what the world would refuse.
int exit_code_of(const PlanAnswer& answer, bool strict) {
  const int code = exit_code(tally(answer.findings), strict);
  return code == kOk && !answer.problem.empty() ? kEnvironment : code;
}

// A file with errors leads nowhere: there is nothing to plan.
int refuse(Findings findings, const std::string& source, const Arguments& arguments, Terminal& terminal) {
  PlanAnswer answer;
  answer.findings = std::move(findings);
  if (arguments.has("--json"))
    terminal.out << api::encode(answer);
  else
    print_findings(answer.findings, source, terminal);
  return kRefused;
}

}  // namespace

int run_plan(const Arguments& arguments, Terminal& terminal) {
  const auto against = arguments.optional("--against");
  const auto output = arguments.optional("-o");
  if (against && output)
    return fail_usage("-o needs the daemon's generation to be bound to, so it excludes --against", terminal);
  const auto input = read_input(arguments.text("FILE"));
  if (!input) return fail(input.error(), terminal);
  Findings broken;
  const auto candidate = candidate_of(*input, broken);
  if (!candidate) return refuse(std::move(broken), "", arguments, terminal);
  Checked checked = check_today(candidate->text, candidate->name);
  if (!checked.model) return refuse(std::move(checked.findings), candidate->text, arguments, terminal);

  const auto planned =
      against ? plan_offline(*against, *candidate, std::move(checked)) : plan_online(*candidate, terminal);
  if (!planned) return fail(planned.error(), terminal);
  print(*planned, *candidate, arguments, terminal);
  const int code = exit_code_of(planned->answer, arguments.has("--strict"));
  if (!output || (code != kOk && code != kGated)) return code;
  if (auto written = write_plan(*output, *planned, *candidate, terminal); !written)
    return fail(written.error(), terminal);
  return code;
}

}  // namespace steadfast::cli
