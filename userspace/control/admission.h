// SPDX-License-Identifier: Apache-2.0
// Admission: whether a change may touch the tables at all. The bytes must be the
// ones that were checked, no error may stand against them, and every gate must
// have been accepted by code and object.
//
// Must not enter: the kernel, the journal.
#pragma once

#include <optional>

#include "control/balancer.h"
#include "model/model.h"

namespace steadfast {

struct Admission {
  Verdict verdict = Verdict::refused;  // applied: go on
  Findings findings;
  std::optional<Model> model;
  double check_ms = 0;
};

Admission admit(const Change& change);

}  // namespace steadfast
