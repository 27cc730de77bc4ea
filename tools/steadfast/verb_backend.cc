// SPDX-License-Identifier: Apache-2.0
#include "control/client.h"
#include "tools/steadfast/drain.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

using Edit = BackendEdit::Kind;

Outcome refused(Findings findings) {
  Outcome outcome;
  outcome.ending = Ending::refused;
  outcome.findings = std::move(findings);
  return outcome;
}

int run(Edit kind, const Arguments& arguments, Terminal& terminal) {
  const auto accepted = acceptances(arguments);
  if (!accepted) return fail(accepted.error(), terminal);
  BackendEdit edit;
  edit.kind = kind;
  edit.pool = arguments.text("POOL");
  edit.name = arguments.text("NAME");
  edit.address = arguments.optional("--address");
  edit.weight = arguments.number("--weight");
  if (const auto port = arguments.number("--port")) edit.port = static_cast<std::uint16_t>(*port);
  edit.author = terminal.author;
  edit.reason = arguments.optional("--reason").value_or("");
  edit.accepted = *accepted;
  if (Findings empty = api::refuse_empty_selector(edit); !empty.empty())
    return finish(refused(std::move(empty)), arguments, terminal);
  return finish(ControlClient(terminal.control).edit(edit), arguments, terminal);
}

}  // namespace

int run_backend_add(const Arguments& arguments, Terminal& terminal) {
  return run(Edit::add, arguments, terminal);
}

int run_backend_set(const Arguments& arguments, Terminal& terminal) {
  if (!arguments.has("--weight") && !arguments.has("--address") && !arguments.has("--port"))
    return fail_usage("backend set needs --weight, --address or --port", terminal);
  return run(Edit::set, arguments, terminal);
}

int run_backend_drain(const Arguments& arguments, Terminal& terminal) {
  if (arguments.has("--force") && arguments.has("--wait"))
    return fail_usage("backend drain takes --force or --wait: with --force nothing is waited for", terminal);
  const int code = run(arguments.has("--force") ? Edit::disable : Edit::drain, arguments, terminal);
  if (code != kOk || !arguments.has("--wait")) return code;
  const auto drained = wait_until_drained(arguments.text("POOL"), arguments.text("NAME"), terminal);
  return drained ? kOk : fail(drained.error(), terminal);
}

int run_backend_undrain(const Arguments& arguments, Terminal& terminal) {
  return run(Edit::undrain, arguments, terminal);
}

int run_backend_remove(const Arguments& arguments, Terminal& terminal) {
  return run(Edit::remove, arguments, terminal);
}

}  // namespace steadfast::cli
