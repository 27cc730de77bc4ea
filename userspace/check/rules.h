// SPDX-License-Identifier: Apache-2.0
// The rules over a model: each is a Rule and the function that finds it, declared
// together in the file named after its subject. This list is the only place that
// names them all; check() runs them and the catalogue explains them.
//
// Must not enter: rules of the file's text (config/schema_rules.h).
#pragma once

#include "check/context.h"
#include "config/finding.h"

namespace steadfast::rules {

struct Check {
  Rule rule;
  void (*find)(const Context&, Findings&);
};

#define SF_CHECKS(X)     \
  X(kDuplicateVip)       \
  X(kOverlap)            \
  X(kShadowed)           \
  X(kUnusedServerId)     \
  X(kUnusedPool)         \
  X(kTwinBackend)        \
  X(kConflictingBackend) \
  X(kOutlier)            \
  X(kLookalike)          \
  X(kLoop)               \
  X(kOwnAddress)         \
  X(kFamilyMismatch)     \
  X(kUnusableAddress)    \
  X(kPortMismatch)       \
  X(kHealthElsewhere)    \
  X(kPathMtu)            \
  X(kTunnelPort)         \
  X(kConstantSource)     \
  X(kUdpService)         \
  X(kMixedForwarding)    \
  X(kEmptyPool)          \
  X(kNothingActive)      \
  X(kFewBackends)        \
  X(kShareTooLarge)      \
  X(kNoEntries)          \
  X(kFailureDomain)      \
  X(kHealthTiming)       \
  X(kNoFloor)            \
  X(kNoHealth)           \
  X(kShortIdle)          \
  X(kTooManyServices)    \
  X(kTooManyBackends)    \
  X(kTooManyRanges)      \
  X(kTooManySeries)

#define X(check) extern const Check check;
SF_CHECKS(X)
#undef X

}  // namespace steadfast::rules
