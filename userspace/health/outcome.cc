// SPDX-License-Identifier: Apache-2.0
#include "health/outcome.h"

#include <array>

#include "base/bug.h"

namespace steadfast::health {
namespace {

struct Description {
  Proof proof;
  std::string_view label, help;
};

constexpr std::array<Description, kOutcomes> kDescriptions{{
#define X(symbol, proof, label, help) {Proof::proof, label, help},
    SF_PROBE_OUTCOMES(X)
#undef X
}};

const Description& describe(Outcome outcome) {
  const auto at = static_cast<std::size_t>(outcome);
  invariant(at < kDescriptions.size(), "an outcome that the list does not know");
  return kDescriptions[at];
}

}  // namespace

std::string_view name(Outcome outcome) { return describe(outcome).label; }
std::string_view help(Outcome outcome) { return describe(outcome).help; }
Proof proof_of(Outcome outcome) { return describe(outcome).proof; }

}  // namespace steadfast::health
