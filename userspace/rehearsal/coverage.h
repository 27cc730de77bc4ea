// SPDX-License-Identifier: Apache-2.0
// Coverage: which services the tests reach (SF912).
//
// Must not enter: playing tests.
#pragma once

#include <cstddef>

#include "config/finding.h"
#include "model/model.h"
#include "rehearsal/result.h"

namespace steadfast::rehearsal {

struct Coverage {
  std::size_t services = 0;  // that take packets: not the parked ones
  std::size_t tested = 0;
};

// Adds a note for every service that no test of `report` has reached.
Coverage judge_coverage(const Model& model, const TestReport& report, Findings& findings);

}  // namespace steadfast::rehearsal
