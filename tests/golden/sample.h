// SPDX-License-Identifier: Apache-2.0
// One balancer's numbers, made up once: every golden file shows the same host.
#pragma once

#include <vector>

#include "control/balancer.h"
#include "counters/snapshot.h"

namespace steadfast::sample {

Snapshot snapshot();
Status status();
std::vector<GenerationInfo> generations();
TraceAnswer forwarded();  // a SYN that reached a backend
TraceAnswer dropped();    // one whose service has no backend
TraceAnswer passed();     // one that is for nobody here
Outcome refused();

}  // namespace steadfast::sample
