// SPDX-License-Identifier: Apache-2.0
// Watch: the daemon's one waiting place. Sleeps until a signal ends it or the
// host's network changes; changes become a fresh publication of the same
// generation.
#pragma once

#include "control/live_balancer.h"

namespace steadfast {

// Blocks the signals that watch() takes; call before any thread starts.
void block_signals();

// Returns when SIGTERM or SIGINT arrives.
Result<void> watch(LiveBalancer& balancer);

}  // namespace steadfast
