// SPDX-License-Identifier: Apache-2.0
// Mutation: how good the tests of a configuration are, measured: of so many
// plausible mistakes, how many do the rules and the tests refuse?
//
// Must not enter: which mistakes there are (rehearsal/mutants.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rehearsal/stage.h"
#include "rehearsal/test_file.h"

namespace steadfast::rehearsal {

inline constexpr std::size_t kMutants = 200;

enum class Fate {
  rule,      // an error or a gate refuses it
  test,      // a test fails
  warned,    // only a warning
  survived,  // it would go live
};
std::string_view name(Fate fate);

struct MutantResult {
  std::string operation;  // the kind of mistake
  std::string object;
  std::string change;
  Fate fate = Fate::survived;
  std::string by;  // code or name of the test; empty when it survived
};

struct MutationReport {
  std::vector<MutantResult> mutants;

  std::size_t count(Fate fate) const;
  double score() const;  // caught by rule or test, 0…1; 1 when nothing could be changed
};

// `model` must pass its own tests: an Error otherwise, for nothing could be told.
Result<MutationReport> mutate(const std::vector<TestFile>& files, const Model& model, Stage& stage,
                              std::size_t count = kMutants);

}  // namespace steadfast::rehearsal
