// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/outcome.h"

#include <algorithm>
#include <ostream>

#include "control/api.h"
#include "report/finding_text.h"
#include "tools/steadfast/outcome_text.h"

namespace steadfast::cli {
namespace {

const rehearsal::TestText* test_of(const Finding& finding, const std::vector<rehearsal::TestText>& tests) {
  const auto found = std::find_if(tests.begin(), tests.end(),
                                  [&](const rehearsal::TestText& test) { return test.file == finding.file; });
  return found == tests.end() ? nullptr : &*found;
}

// Each finding with a line of the file that it is about.
std::string rendered(const Findings& findings, const std::string& source,
                     const std::vector<rehearsal::TestText>& tests, bool colour) {
  std::string text;
  for (const Finding& finding : findings) {
    const rehearsal::TestText* const test = test_of(finding, tests);
    text += text.empty() ? "" : "\n";
    text += report::render_findings({finding}, test != nullptr ? test->text : source, colour);
  }
  return text;
}

void print(const Outcome& outcome, const std::string& source, const std::vector<rehearsal::TestText>& tests,
           Terminal& terminal) {
  if (!outcome.findings.empty()) {
    terminal.out << rendered(gravest_first(outcome.findings), source, tests, terminal.colour);
    terminal.err << report::summary(tally(outcome.findings)) << "\n";
  }
  terminal.out << outcome_text(outcome, terminal.colour);
  if (!outcome.error.empty()) terminal.err << "steadfast: " << outcome.error << "\n";
}

Outcome unanswered(const Error& error) {
  Outcome outcome;
  outcome.ending = Ending::failed;
  outcome.error = error.what;
  return outcome;
}

}  // namespace

Findings gravest_first(Findings findings) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
  return findings;
}

void print_findings(const Findings& findings, const std::string& source, Terminal& terminal) {
  terminal.out << report::render_findings(findings, source, terminal.colour);
  terminal.err << report::summary(tally(findings)) << "\n";
}

int finish(const Result<Outcome>& outcome, const Arguments& arguments, Terminal& terminal,
           const std::string& source, const std::vector<rehearsal::TestText>& tests) {
  const bool json = arguments.has("--json");
  if (!outcome && !json) return fail(outcome.error(), terminal);
  const Outcome known = outcome ? *outcome : unanswered(outcome.error());
  if (json)
    terminal.out << api::encode(known);
  else
    print(known, source, tests, terminal);
  return exit_code(known.ending);
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
