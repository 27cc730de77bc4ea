// SPDX-License-Identifier: Apache-2.0
// One balancer's numbers, made up once: every golden file shows the same host.
#pragma once

#include <vector>

#include "control/balancer.h"
#include "counters/snapshot.h"
#include "report/changes.h"

namespace steadfast::sample {

Snapshot snapshot();
Status status();
Status pending_status();  // a canary that nobody has confirmed yet
Status alarmed_status();
PendingChange canary();
std::vector<GenerationInfo> generations();
Diff diff();
Diff no_difference();  // of a file
Blame blame();
Blame blame_of_the_oldest();   // nothing older is kept
Blame blame_of_the_removed();  // it does not run any more
TraceAnswer forwarded();       // a SYN that reached a backend
TraceAnswer dropped();         // one whose service has no backend
TraceAnswer passed();          // one that is for nobody here
Outcome refused();
Outcome applied();
Outcome pending();       // goes back by itself
Outcome failed_tests();  // one of the operator's, and a probe

}  // namespace steadfast::sample
