// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/drain.h"

#include <poll.h>

#include <ostream>

#include "control/api.h"
#include "control/client.h"

namespace steadfast::cli {
namespace {

constexpr int kLookAgainMs = 500;

// Every service of the pool has a row for the backend; health speaks of all of them.
Result<BackendSnapshot> row_of(const std::string& pool, const std::string& backend,
                               const Terminal& terminal) {
  const auto view = ControlClient(terminal.control).read<report::BackendsView>("/api/v1/backends");
  if (!view) return view.error();
  for (const BackendSnapshot& row : view->backends)
    if (row.pool == pool && row.name == backend && row.health) return row;
  return Error{"nobody watches backend \"" + backend + "\" of pool \"" + pool + "\": no service uses it"};
}

// True when nothing is left to wait for. Health takes a generation up a moment after
// it runs: until then it has no number of flows.
Result<bool> is_over(const BackendSnapshot& now, std::string& told, Terminal& terminal) {
  if (now.state != "drain")
    return Error{"backend \"" + now.name + "\" does not drain any more: it is " + now.state};
  if (now.health->state == "drained") return true;
  const auto left = now.health->flows_left;
  const std::string text = left ? std::to_string(*left) + " flows left\n" : "";
  if (text != told) terminal.err << text << std::flush;
  told = text;
  return false;
}

}  // namespace

Result<void> wait_until_drained(const std::string& pool, const std::string& backend, Terminal& terminal) {
  for (std::string told;; poll(nullptr, 0, kLookAgainMs)) {
    const auto now = row_of(pool, backend, terminal);
    if (!now) return now.error();
    const auto over = is_over(*now, told, terminal);
    if (!over) return over.error();
    if (*over) return {};
  }
}

}  // namespace steadfast::cli
