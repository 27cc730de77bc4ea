// SPDX-License-Identifier: Apache-2.0
// Culprits: of every incident, whether it was found, whether the first suspect was the
// culprit, and what was taken back, with all that goes on around it.
//
// The first suspect is the culprit when it is an object that broke, brought by the
// generation that broke it; or that generation as a whole, if more than one object of
// it broke and the line it gives is one of theirs. Of what nobody changed it is the
// object that broke, or the drift that was found there. All alarms of the first second
// that has one must name it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "detect/detectors.h"

namespace steadfast::simulation {

struct Culprit {
  std::string name, cases;
  std::size_t runs = 0, ranked_first = 0;
  std::vector<double> found_s;               // of those that were found
  std::size_t pending = 0, rolled_back = 0;  // runs in which the culprit was unconfirmed
  std::size_t bystanders = 0, wronged = 0;   // in which an innocent change was, and was taken back
};

// The ranking was tuned with the first of these, and with none of the others.
inline constexpr std::uint64_t kTuningSeeds = 3'000'000, kEvaluationSeeds = 9'000'000,
                               kAblationSeeds = 10'000'000;

std::vector<Culprit> find_culprits(std::uint64_t seeds, std::size_t runs,
                                   const detect::Without& without = {});

// The same with one thing left out after the other.
struct Ablation {
  std::string left_out;
  std::vector<Culprit> culprits;
};
std::vector<Ablation> ablate(std::size_t runs);

}  // namespace steadfast::simulation
