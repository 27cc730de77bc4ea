// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/outcome.h"

#include <array>
#include <cstdio>
#include <ostream>

#include "base/bug.h"
#include "control/api.h"
#include "report/finding_text.h"
#include "report/table.h"

namespace steadfast::cli {
namespace {

std::string milliseconds(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f ms", value);
  return text.data();
}

// What runs now, where it is known: a change refused before it was sent does not say.
std::string running(const Outcome& outcome) {
  return outcome.generation == 0 ? "" : "; generation " + std::to_string(outcome.generation) + " runs";
}

std::string headline(const Outcome& outcome) {
  switch (outcome.verdict) {
    case Verdict::applied:
      return "applied in " + milliseconds(outcome.total_ms) + running(outcome);
    case Verdict::unchanged:
      return "unchanged: these very bytes run already" + running(outcome);
    case Verdict::refused:
      return "refused: nothing was changed" + running(outcome);
    case Verdict::gated:
      return "refused: only gates stand in the way (--accept CODE:OBJECT --reason TEXT)" + running(outcome);
    case Verdict::failed:
      return "failed: nothing was changed" + running(outcome);
  }
  bug("an outcome without a headline");
}

report::Colour colour_of(Verdict verdict) {
  return verdict == Verdict::applied || verdict == Verdict::unchanged ? report::Colour::green
                                                                      : report::Colour::red;
}

void print(const Outcome& outcome, const std::string& source, Terminal& terminal) {
  if (!outcome.findings.empty()) print_findings(outcome.findings, source, terminal);
  terminal.out << report::paint(headline(outcome), colour_of(outcome.verdict), terminal.colour) << "\n";
  if (!outcome.error.empty()) terminal.err << "steadfast: " << outcome.error << "\n";
}

Outcome unanswered(const Error& error) {
  Outcome outcome;
  outcome.verdict = Verdict::failed;
  outcome.error = error.what;
  return outcome;
}

}  // namespace

int exit_code(const Findings& findings, bool strict) {
  const Tally counts = tally(findings);
  if (counts.errors != 0) return kRefused;
  if (strict && counts.warnings != 0) return kWarnings;
  return counts.gates != 0 ? kGated : kOk;
}

int exit_code(Verdict verdict) {
  switch (verdict) {
    case Verdict::applied:
    case Verdict::unchanged:
      return kOk;
    case Verdict::refused:
      return kRefused;
    case Verdict::gated:
      return kGated;
    case Verdict::failed:
      return kEnvironment;
  }
  bug("an outcome without an exit code");
}

void print_findings(const Findings& findings, const std::string& source, Terminal& terminal) {
  terminal.out << report::render_findings(findings, source, terminal.colour);
  terminal.err << report::summary(tally(findings)) << "\n";
}

int finish(const Result<Outcome>& outcome, const Arguments& arguments, Terminal& terminal,
           const std::string& source) {
  const bool json = arguments.has("--json");
  if (!outcome && !json) return fail(outcome.error(), terminal);
  const Outcome known = outcome ? *outcome : unanswered(outcome.error());
  if (json)
    terminal.out << api::encode(known);
  else
    print(known, source, terminal);
  return exit_code(known.verdict);
}

int fail(const Error& error, Terminal& terminal) {
  terminal.err << "steadfast: " << error.what << "\n";
  return kEnvironment;
}

int fail_usage(const std::string& what, Terminal& terminal) {
  terminal.err << "steadfast: " << what << "\nRun with --help for more information.\n";
  return kEnvironment;
}

Result<std::vector<Acceptance>> acceptances(const Arguments& arguments) {
  std::vector<Acceptance> accepted;
  for (const auto& word : arguments.all("--accept")) {
    auto parsed = api::parse_acceptance(word);
    if (!parsed) return parsed.error().while_doing("--accept");
    accepted.push_back(std::move(*parsed));
  }
  const std::string reason = arguments.optional("--reason").value_or("");
  if (!accepted.empty() && reason.find_first_not_of(" \t") == reason.npos)
    return Error{"--accept needs --reason TEXT: whoever reads the journal wants to know why"};
  return accepted;
}

}  // namespace steadfast::cli
