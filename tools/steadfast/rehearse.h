// SPDX-License-Identifier: Apache-2.0
// Rehearse: the tests of one configuration, read and played where the operator
// asks for it: here on either engine, or on the daemon.
//
// Must not enter: printing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "control/client.h"
#include "rehearsal/runner.h"
#include "report/rehearsed.h"
#include "tools/steadfast/input.h"
#include "tools/steadfast/verb.h"

namespace steadfast::cli {

// The named files, or those beside `config`; an Error when there is none.
Result<std::vector<rehearsal::TestText>> read_tests(const std::vector<std::string>& names,
                                                    const std::string& config);

std::vector<rehearsal::TestFile> parse_all(const std::vector<rehearsal::TestText>& texts, Findings& findings);

// What a rehearsal needs to know beside the tests.
struct Rehearsal {
  std::string engine;  // "host" | "kernel" | "live"
  const Input& config;
  const Model& model;
  std::optional<std::string> against;  // file that stands for what runs
  std::optional<std::size_t> mutants;  // with --mutate
};

// Plays the tests and measures them; findings of coverage are added.
Result<void> rehearse(const Rehearsal& rehearsal, const std::vector<rehearsal::TestText>& texts,
                      const std::vector<rehearsal::TestFile>& tests, report::Rehearsed& result,
                      Terminal& terminal);

}  // namespace steadfast::cli
