// SPDX-License-Identifier: Apache-2.0
// Mutants: copies of a configuration with one plausible mistake each. The same
// configuration gives the same mutants everywhere.
//
// Must not enter: what catches them (rehearsal/mutation.h).
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "base/result.h"
#include "model/model.h"

namespace steadfast::rehearsal {

struct Mutant {
  std::string operation;  // the kind of mistake: "weight ×10"
  std::string object;     // "backend/web/web-01"
  std::string change;     // "weight 100 → 1000"
  Model model;
};

// Makes at most `count` mutants, evenly over the kinds of mistakes, and shows each
// once; an error of `visit` ends it. No two of them behave alike, and none as the original.
Result<void> for_each_mutant(const Model& model, std::size_t count,
                             const std::function<Result<void>(const Mutant&)>& visit);

}  // namespace steadfast::rehearsal
