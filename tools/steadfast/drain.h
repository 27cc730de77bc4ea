// SPDX-License-Identifier: Apache-2.0
// Drain: waiting for the last flow of a backend.
#pragma once

#include <string>

#include "base/result.h"
#include "tools/steadfast/verb.h"

namespace steadfast::cli {

// Says on the terminal's words how many flows are left, whenever that changes. An
// error when the daemon ends, or somebody gives the backend new flows meanwhile.
Result<void> wait_until_drained(const std::string& pool, const std::string& backend, Terminal& terminal);

}  // namespace steadfast::cli
