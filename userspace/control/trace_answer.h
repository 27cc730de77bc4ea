// SPDX-License-Identifier: Apache-2.0
// The program's answer for one frame in the operator's words: names, next hop,
// and the lines of the file that decided it.
#pragma once

#include "control/balancer.h"
#include "counters/collect.h"

namespace steadfast {

TraceAnswer explain(const Frame& in, Answer answer, const Running& running);

}  // namespace steadfast
