// SPDX-License-Identifier: Apache-2.0
// Host: asks this host (its network namespace) for what check.h judges.
//
// Must not enter: judging.
#pragma once

#include "backend.h"
#include "base/result.h"

namespace steadfast::decap {

// An Error when the device does not exist or the system refuses an answer.
Result<BackendHost> ask_host(const Wanted& wanted);

}  // namespace steadfast::decap
