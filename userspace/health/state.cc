// SPDX-License-Identifier: Apache-2.0
#include "health/state.h"

#include "base/bug.h"

namespace steadfast::health {
namespace {

struct Description {
  std::string_view label, help;
};

constexpr Description kStates[] = {
#define X(symbol, help) {#symbol, help},
    SF_HEALTH_STATES(X)
#undef X
};

constexpr Description kReasons[] = {
#define X(symbol, label, help) {label, help},
    SF_HEALTH_REASONS(X)
#undef X
};

template <typename Value, std::size_t N>
const Description& describe(const Description (&list)[N], Value value) {
  const auto at = static_cast<std::size_t>(value);
  invariant(at < N, "a state or reason that its list does not know");
  return list[at];
}

}  // namespace

std::string_view name(State state) { return describe(kStates, state).label; }
std::string_view help(State state) { return describe(kStates, state).help; }
std::string_view name(Reason reason) { return describe(kReasons, reason).label; }
std::string_view help(Reason reason) { return describe(kReasons, reason).help; }

}  // namespace steadfast::health
