// SPDX-License-Identifier: Apache-2.0
// Tests for people: each with its outcome, the failed ones with what differs.
//
// Must not enter: findings (report/finding_text.h).
#pragma once

#include <string>

#include "report/rehearsed.h"

namespace steadfast::report {

// "max_share: expected at most 12%, got 30.1% (backend/messaging/msg-03)"
std::string mismatch_text(const rehearsal::Mismatch& mismatch);

std::string render_tests(const Rehearsed& rehearsed, bool colour);

// "12 tests passed; 3 of 4 services tested"; "2 of 12 tests failed; …"
std::string test_summary(const Rehearsed& rehearsed);

}  // namespace steadfast::report
