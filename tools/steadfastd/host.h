// SPDX-License-Identifier: Apache-2.0
// Host: what the daemon lends the balancer of the machine it runs on: next hops
// from rtnetlink, interfaces to attach to, its own addresses.
#pragma once

#include <string>
#include <vector>

#include "control/live_balancer.h"
#include "keeper/questions.h"
#include "kernel/bpf_kernel.h"

namespace steadfast {

// `config_file`: what a start without a journal would read. `bpffs`: where pins are.
Surroundings surroundings_of(BpfKernel& kernel, std::string config_file, const std::string& bpffs);

// Where others can send to: of these interfaces before any other.
OwnAddresses own_addresses(const std::vector<std::string>& interfaces);

}  // namespace steadfast
