// SPDX-License-Identifier: Apache-2.0
// Judge: compares what was seen with what a test expects.
//
// Must not enter: engines, how anything was seen.
#pragma once

#include <vector>

#include "plan/plan.h"
#include "rehearsal/observation.h"
#include "rehearsal/test_file.h"

namespace steadfast::rehearsal {

// Every expectation of `test` that does not hold. `plan` leads from what runs to
// `model`; null when nothing runs.
std::vector<Mismatch> judge(const Test& test, const Observation& seen, const Model& model, const Plan* plan);

}  // namespace steadfast::rehearsal
