// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/golden.h"
#include "tests/golden/sample.h"
#include "tools/steadfast/outcome_text.h"

namespace steadfast {
namespace {

void expect_outcome(const std::string& name, const Outcome& outcome) {
  golden::expect_golden("tests/golden/screens/outcome_" + name + ".txt", cli::outcome_text(outcome, false));
}

TEST(OutcomeText, AppliedSaysWhatRunsAndWhatItTook) { expect_outcome("applied", sample::applied()); }

TEST(OutcomeText, PendingSaysWhenItGoesBackAndHowToDecide) {
  expect_outcome("pending", sample::pending());
  Outcome canary = sample::pending();
  canary.pending = sample::canary();
  expect_outcome("pending_canary", canary);
  canary.pending->automatic = true;
  expect_outcome("pending_automatic", canary);
}

TEST(OutcomeText, FailedTestsNameThePacketAndWhatDiffers) {
  expect_outcome("failed_tests", sample::failed_tests());
}

TEST(OutcomeText, WhatWasNotDoneTookNoTime) {
  for (const Ending ending : {Ending::refused, Ending::gated, Ending::failed, Ending::unchanged}) {
    Outcome outcome = sample::applied();
    outcome.ending = ending;
    EXPECT_EQ(cli::outcome_text(outcome, false).find("flip"), std::string::npos) << name(ending);
  }
}

}  // namespace
}  // namespace steadfast
