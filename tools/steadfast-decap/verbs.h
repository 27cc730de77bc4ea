// SPDX-License-Identifier: Apache-2.0
// The two things steadfast-decap does, once its words are understood.
//
// Must not enter: CLI11 (main.cc), judging (check.h).
#pragma once

#include "backend.h"
#include "kernel/decap_program.h"

namespace steadfast::decap {

// Opens tunnels until a signal ends it. What the host lacks is a warning here:
// a backend half prepared still serves what it can. Gives the exit code.
int run_serve(const DecapSettings& settings, const Wanted& wanted, bool json);

// Prints what the host lacks. 0: nothing, 1: something, 2: it could not be asked.
int run_check(const Wanted& wanted, bool json);

int fail(const Error& error);

}  // namespace steadfast::decap
