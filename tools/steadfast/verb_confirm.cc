// SPDX-License-Identifier: Apache-2.0
// confirm, extend and cancel: the three ways to decide about the pending change.
#include "control/client.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/promise.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {

int run_confirm(const Arguments& arguments, Terminal& terminal) {
  return finish(ControlClient(terminal.control).confirm({terminal.author}), arguments, terminal);
}

int run_extend(const Arguments& arguments, Terminal& terminal) {
  const auto more_s = parse_seconds(arguments.text("DURATION"), "DURATION");
  if (!more_s) return fail_usage(more_s.error().what, terminal);
  return finish(ControlClient(terminal.control).extend({*more_s, terminal.author}), arguments, terminal);
}

int run_cancel(const Arguments& arguments, Terminal& terminal) {
  const std::string reason = arguments.optional("--reason").value_or("");
  return finish(ControlClient(terminal.control).cancel({terminal.author, reason}), arguments, terminal);
}

}  // namespace steadfast::cli
