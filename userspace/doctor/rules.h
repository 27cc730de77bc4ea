// SPDX-License-Identifier: Apache-2.0
// The rules over this host: each is a Rule and the function that finds it, declared
// together in the file named after its subject. This list is the only place that
// names them all; doctor() runs them and the catalogue explains them.
//
// Must not enter: rules of a file alone (check/rules.h), of backends (backend_rules.h).
#pragma once

#include "config/finding.h"
#include "doctor/situation.h"

namespace steadfast::rules {

struct HostCheck {
  Rule rule;
  void (*find)(const doctor::Situation&, Findings&);
};

#define SF_HOST_CHECKS(X) \
  X(kManyNeighbours)      \
  X(kFewFiles)            \
  X(kInterfaceUnusable)   \
  X(kNoNativeXdp)         \
  X(kFrameTooLarge)       \
  X(kForeignProgram)      \
  X(kReceiveOffloads)     \
  X(kFewQueues)           \
  X(kNoTransmit)          \
  X(kReversePath)         \
  X(kNoRoute)             \
  X(kNextHopSilent)       \
  X(kLocalVip)            \
  X(kNetfilterDrops)      \
  X(kKernelTooOld)        \
  X(kNoTimer)             \
  X(kNoJit)               \
  X(kOtherAgent)          \
  X(kPinConflict)         \
  X(kFactUnreadable)

#define X(check) extern const HostCheck check;
SF_HOST_CHECKS(X)
#undef X

}  // namespace steadfast::rules
