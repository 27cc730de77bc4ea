// SPDX-License-Identifier: Apache-2.0
// How the verbs that judge and change end: what is printed, and the exit code.
#pragma once

#include "base/result.h"
#include "control/balancer.h"
#include "tools/steadfast/verb.h"

namespace steadfast::cli {

// The findings to stdout, their number to stderr. `source` is the file they are about.
void print_findings(const Findings& findings, const std::string& source, Terminal& terminal);

// Of a change: what stands in its way, before what is merely worth knowing about its file.
Findings gravest_first(Findings findings);

// Prints what the daemon answered, or that it did not.
// `source` is the configuration, `tests` are the other files that findings may be about.
int finish(const Result<Outcome>& outcome, const Arguments& arguments, Terminal& terminal,
           const std::string& source = {}, const std::vector<rehearsal::TestText>& tests = {});

// An error of the world: a word on stderr, exit code 2.
int fail(const Error& error, Terminal& terminal);
int fail_usage(const std::string& what, Terminal& terminal);

// The values of --accept; an error for one that is no CODE:OBJECT, and for an
// acceptance without --reason.
Result<std::vector<Acceptance>> acceptances(const Arguments& arguments);

}  // namespace steadfast::cli
