// SPDX-License-Identifier: Apache-2.0
#include "control/client.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {

int run_rollback(const Arguments& arguments, Terminal& terminal) {
  api::RollbackRequest request;
  request.to = arguments.number("--to").value_or(0);
  request.author = terminal.author;
  request.reason = arguments.optional("--reason").value_or("");
  return finish(ControlClient(terminal.control).rollback(request), arguments, terminal);
}

}  // namespace steadfast::cli
