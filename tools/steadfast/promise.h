// SPDX-License-Identifier: Apache-2.0
// When a change becomes final, as the options of `apply` say it: --confirm 60s,
// --auto-confirm, --canary 5%:20s,50%:20s.
//
// Must not enter: what the daemon does about it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "control/balancer.h"
#include "tools/steadfast/verb.h"

namespace steadfast::cli {

// "60s", "1m": with its unit, and longer than nothing. `what` names it in the Error.
Result<double> parse_seconds(std::string_view text, const std::string& what);

// "5%:20s,50%:20s": shares that rise, each with the time it is held.
Result<std::vector<CanaryStage>> parse_canary(std::string_view text);

Result<Confirmation> confirmation_of(const Arguments& arguments);

}  // namespace steadfast::cli
