// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <ostream>

#include "base/sha256.h"
#include "check/check.h"
#include "control/client.h"
#include "tools/steadfast/candidate.h"
#include "tools/steadfast/input.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/promise.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

// Nothing is sent; the generation that runs is told when a daemon can be asked.
Outcome refused_here(Findings findings, const ControlClient& client) {
  Outcome outcome;
  outcome.ending = Ending::refused;
  outcome.findings = std::move(findings);
  if (const auto status = client.read<Status>("/api/v1/status")) outcome.generation = status->generation;
  return outcome;
}

std::string names(const std::vector<rehearsal::TestText>& tests) {
  std::string list;
  for (const auto& test : tests) list += (list.empty() ? "" : ", ") + test.file;
  return list;
}

Result<std::vector<rehearsal::TestText>> tests_of(const Candidate& candidate, Terminal& terminal) {
  if (candidate.name == "<stdin>") return std::vector<rehearsal::TestText>{};
  auto tests = tests_beside(candidate.name);
  if (tests && !tests->empty()) terminal.err << "steadfast: played first: " << names(*tests) << "\n";
  return tests;
}

Result<Change> change_of(const Candidate& candidate, const Arguments& arguments, Terminal& terminal) {
  Change change;
  auto accepted = acceptances(arguments);
  if (!accepted) return accepted.error();
  auto confirmation = confirmation_of(arguments);
  if (!confirmation) return confirmation.error();
  auto tests = tests_of(candidate, terminal);
  if (!tests) return tests.error();
  change.text = candidate.text;
  change.file = candidate.journal_name;
  change.sha256 = sha256_hex(candidate.text);
  change.author = terminal.author;
  change.reason = arguments.optional("--reason").value_or("");
  change.accepted = std::move(*accepted);
  change.tests = std::move(*tests);
  change.base = candidate.base;
  change.confirmation = std::move(*confirmation);
  return change;
}

// Under --strict the daemon judges the difference first; what it judged is then
// the base of the change, so that nothing else can run in between.
Result<std::optional<Outcome>> refused_by_plan(const ControlClient& client, Change& change) {
  auto planned = client.plan(change);
  if (!planned) return planned.error();
  if (exit_code(tally(planned->findings), true) != kWarnings) {
    if (!change.base) change.base = planned->base;
    return std::optional<Outcome>();
  }
  Outcome outcome;
  outcome.ending = Ending::refused;
  outcome.generation = planned->base.generation;
  outcome.findings = std::move(planned->findings);
  return std::optional(std::move(outcome));
}

// What was judged, by whom, and what the shell is told.
struct Ended {
  Result<Outcome> outcome;
  int code;
};

Ended send(const ControlClient& client, Change change, const Candidate& candidate, bool strict) {
  if (strict) {
    auto refused = refused_by_plan(client, change);
    if (!refused) return {refused.error(), kEnvironment};
    if (*refused) return {std::move(**refused), kWarnings};
  }
  auto outcome = client.apply(change);
  if (outcome) name_as_typed(outcome->findings, candidate);
  const int code = outcome ? exit_code(outcome->ending) : kEnvironment;
  return {std::move(outcome), code};
}

}  // namespace

int run_apply(const Arguments& arguments, Terminal& terminal) {
  // What was typed is looked at before any file is.
  if (const auto accepted = acceptances(arguments); !accepted) return fail(accepted.error(), terminal);
  if (const auto asked = confirmation_of(arguments); !asked) return fail_usage(asked.error().what, terminal);
  const auto input = read_input(arguments.text("FILE"));
  if (!input) return fail(input.error(), terminal);

  const ControlClient client(terminal.control);
  const bool strict = arguments.has("--strict");
  Findings broken;
  const auto candidate = candidate_of(*input, broken);
  Findings findings =
      candidate ? check(candidate->text, candidate->name, Date::today()).findings : std::move(broken);
  const std::string source = candidate ? candidate->text : "";
  const int here = exit_code(tally(findings), strict);
  if (here == kRefused || here == kWarnings) {
    finish(refused_here(std::move(findings), client), arguments, terminal, source);
    return here;
  }
  auto change = change_of(*candidate, arguments, terminal);
  if (!change) return fail(change.error(), terminal);
  const auto tests = change->tests;
  const Ended ended = send(client, std::move(*change), *candidate, strict);
  finish(ended.outcome, arguments, terminal, source, tests);
  return ended.code;
}

}  // namespace steadfast::cli
