// SPDX-License-Identifier: Apache-2.0
// SF912: the one rule that only a rehearsal can find (rehearsal/coverage.cc),
// declared here because the catalogue stands before it in the link order.
#pragma once

#include "config/finding.h"

namespace steadfast::rules {

inline constexpr Rule kUntestedService{
    "SF912",
    Severity::note,
    "service without a test",
    "a mistake in its lines is found by its users: no test says what must become of its packets",
    "write a test with a packet to this service; `steadfast test FILE --init` writes a first one",
    {},
    {},
};

}  // namespace steadfast::rules
