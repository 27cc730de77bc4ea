// SPDX-License-Identifier: Apache-2.0
// The rules over a change: each is a Rule and the function that finds it, declared
// together in the file named after its subject. This list is the only place that
// names them all; check_change() runs them and the catalogue explains them.
//
// Must not enter: rules of one file alone (check/rules.h).
#pragma once

#include "check/change_context.h"
#include "config/finding.h"

namespace steadfast::rules {

// Of the clients that are welcome now: what allow and deny may refuse of them before it
// takes somebody's word.
inline constexpr double kMostRefused = 0.1;

struct ChangeCheck {
  Rule rule;
  bool needs_base;  // there is nothing to judge while nothing runs
  void (*find)(const ChangeContext&, Findings&);
};

#define SF_CHANGE_CHECKS(X) \
  X(kHeadroom)              \
  X(kPoolShrinks)           \
  X(kServiceRemoved)        \
  X(kFlowsMove)             \
  X(kFlowsDrop)             \
  X(kStaleBase)             \
  X(kTooMuchAtOnce)         \
  X(kHashing)               \
  X(kForwardMode)           \
  X(kGuardRelaxed)          \
  X(kNewMeaning)            \
  X(kChangePending)         \
  X(kChangedOften)          \
  X(kClientsRefused)        \
  X(kRolledBackBefore)      \
  X(kFlowTableFill)         \
  X(kApplyTime)

#define X(check) extern const ChangeCheck check;
SF_CHANGE_CHECKS(X)
#undef X

}  // namespace steadfast::rules
