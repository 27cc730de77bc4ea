// SPDX-License-Identifier: Apache-2.0
// The states a backend can be in, the reasons for them, and the events of a
// change from one to another: one list for screens, metrics and the journal.
//
// Must not enter: the decisions (assessment.h, floor.h, pool_watch.h).
#pragma once

#include <string>
#include <string_view>

#include "health/time.h"

namespace steadfast::health {

// X(symbol, help); the symbol is the label.
#define SF_HEALTH_STATES(X)                                                         \
  X(up, "takes new flows")                                                          \
  X(down, "its probes fail: no new flows")                                          \
  X(deaf, "its own address answers, users' handshakes or the path to the VIP fail") \
  X(held, "it would be taken out, and is kept: the reason says what keeps it")      \
  X(draining, "the file gives it no new flows; those it has go on")                 \
  X(drained, "no flow is left: it can be switched off")                             \
  X(disabled, "the file takes it out of the tables")

// X(symbol, label, help).
#define SF_HEALTH_REASONS(X)                                                                         \
  X(unproven, "unproven", "no probe has answered yet: it serves, and is no proof for a floor")       \
  X(passed, "passed", "its probes pass")                                                             \
  X(unprobed, "unprobed", "its pool has no health check")                                            \
  X(warming, "warming", "it came back and gets its share step by step")                              \
  X(probes_fail, "probes-fail", "as many probes in a row failed as the pool's `fall`")               \
  X(path_fails, "path-fails", "probes to its own address pass, those to the VIP fail")               \
  X(silent, "silent", "users' handshakes complete far less often than on the pool's other backends") \
  X(trial, "trial", "it was silent, and is tried with a small share of new flows")                   \
  X(floor, "floor", "the pool would fall below min_healthy without it")                              \
  X(pace, "pace", "less than 70 % of the pool is left: the next ones go one after the other")        \
  X(local_cause, "local-cause", "everything fails at once: the cause is here, not there")            \
  X(together, "together", "over a quarter of the pool is silent: it is the pool, not the backend")   \
  X(asked, "asked", "the file says state = \"drain\" or \"disabled\", or weight = 0")                \
  X(no_flows, "no-flows", "its last flow has ended")

enum class State {
#define X(symbol, help) symbol,
  SF_HEALTH_STATES(X)
#undef X
};

inline constexpr std::string_view kStateNames[] = {
#define X(symbol, help) #symbol,
    SF_HEALTH_STATES(X)
#undef X
};

enum class Reason {
#define X(symbol, label, help) symbol,
  SF_HEALTH_REASONS(X)
#undef X
};

std::string_view name(State state);
std::string_view help(State state);
std::string_view name(Reason reason);
std::string_view help(Reason reason);

// One backend went from one state to another.
struct Event {
  Time time{};
  std::string pool, backend;
  State from = State::up, to = State::up;
  Reason reason = Reason::unproven;
  std::string detail;
};

}  // namespace steadfast::health
