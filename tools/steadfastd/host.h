// SPDX-License-Identifier: Apache-2.0
// Host: what the daemon lends the balancer of the machine it runs on: next hops
// from rtnetlink, and interfaces to attach to.
#pragma once

#include "control/live_balancer.h"
#include "kernel/bpf_kernel.h"

namespace steadfast {

Surroundings surroundings_of(BpfKernel& kernel);

}  // namespace steadfast
