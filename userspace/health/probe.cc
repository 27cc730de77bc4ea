// SPDX-License-Identifier: Apache-2.0
#include "health/probe.h"

#include "base/bug.h"

namespace steadfast::health {
namespace {

struct Description {
  Proof proof;
  std::string_view label, help;
};

constexpr Description kOutcomes[] = {
#define X(symbol, proof, label, help) {Proof::proof, label, help},
    SF_PROBE_OUTCOMES(X)
#undef X
};

const Description& describe(Outcome outcome) {
  const auto at = static_cast<std::size_t>(outcome);
  invariant(at < std::size(kOutcomes), "an outcome that the list does not know");
  return kOutcomes[at];
}

}  // namespace

std::string_view name(Outcome outcome) { return describe(outcome).label; }
std::string_view help(Outcome outcome) { return describe(outcome).help; }
Proof proof_of(Outcome outcome) { return describe(outcome).proof; }
std::string_view name(Kind kind) { return kind == Kind::path ? "path" : "address"; }

}  // namespace steadfast::health
