// SPDX-License-Identifier: Apache-2.0
// How a change ended, as people read it: what runs now, what is still to be
// decided, and each test that failed with its packet.
//
// Must not enter: findings (report/finding_text.h), exit codes, terminals.
#pragma once

#include <string>

#include "control/balancer.h"

namespace steadfast::cli {

// Ends with a line feed.
std::string outcome_text(const Outcome& outcome, bool colour);

}  // namespace steadfast::cli
