// SPDX-License-Identifier: Apache-2.0
// What a rehearsal of a configuration has to say: the findings, the tests and
// what they are worth. The text, the JSON and the JUnit page are three writings
// of the same value.
//
// Must not enter: rendering, functions.
#pragma once

#include <optional>

#include "config/finding.h"
#include "rehearsal/coverage.h"
#include "rehearsal/mutation.h"
#include "rehearsal/result.h"

namespace steadfast::report {

struct Rehearsed {
  Findings findings;
  rehearsal::TestReport tests;
  rehearsal::Coverage coverage;
  std::optional<rehearsal::MutationReport> mutation;  // when it was asked for
};

}  // namespace steadfast::report
