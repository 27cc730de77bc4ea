// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <ostream>

#include "base/sha256.h"
#include "check/check.h"
#include "control/client.h"
#include "tools/steadfast/input.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

// The daemon runs elsewhere: a relative name would mean nothing in its journal.
std::string journal_name(const Input& input) {
  if (input.name == "<stdin>") return input.name;
  std::error_code ignored;  // then the name stays as it was typed
  const auto absolute = std::filesystem::absolute(input.name, ignored);
  return ignored ? input.name : absolute.lexically_normal().string();
}

// Nothing is sent; the generation that runs is told when a daemon can be asked.
Outcome refused_here(Findings findings, const ControlClient& client) {
  Outcome outcome;
  outcome.verdict = Verdict::refused;
  outcome.findings = std::move(findings);
  const auto body = client.get("/api/v1/status");
  const auto status = body ? api::decode<Status>(*body) : Result<Status>(body.error());
  if (status) outcome.generation = status->generation;
  return outcome;
}

// The daemon has named the file as the journal does; here it has the name that was typed.
void rename(Findings& findings, const std::string& from, const std::string& to) {
  for (auto& finding : findings)
    if (finding.file == from) finding.file = to;
}

Result<Outcome> send(const ControlClient& client, Change change, const Input& input) {
  change.text = input.text;
  change.file = journal_name(input);
  change.sha256 = sha256_hex(input.text);
  auto outcome = client.apply(change);
  if (outcome) rename(outcome->findings, change.file, input.name);
  return outcome;
}

}  // namespace

int run_apply(const Arguments& arguments, Terminal& terminal) {
  const auto accepted = acceptances(arguments);
  if (!accepted) return fail(accepted.error(), terminal);
  const auto input = read_input(arguments.text("FILE"));
  if (!input) return fail(input.error(), terminal);

  const ControlClient client(terminal.control);
  Checked checked = check(input->text, input->name);
  const int here = exit_code(checked.findings, arguments.has("--strict"));
  if (here == kRefused || here == kWarnings) {
    finish(refused_here(std::move(checked.findings), client), arguments, terminal, input->text);
    return here;
  }
  Change change;
  change.author = terminal.author;
  change.reason = arguments.optional("--reason").value_or("");
  change.accepted = *accepted;
  return finish(send(client, std::move(change), *input), arguments, terminal, input->text);
}

}  // namespace steadfast::cli
