// SPDX-License-Identifier: Apache-2.0
#include "health/member.h"

#include "health/warm_up.h"

namespace steadfast::health {
namespace {

constexpr unsigned kCompletionTicks = 30;

}  // namespace

Handshakes Member::take_handshakes() {
  if (!totals) return {};
  const HandshakeTotals now = *totals, before = counted.value_or(now);
  counted = now;
  if (now.tries < before.tries || now.established < before.established) return {};
  return {static_cast<std::uint32_t>(now.tries - before.tries),
          static_cast<std::uint32_t>(now.established - before.established)};
}

double Member::completion() const {
  return handshakes.last(std::min(kCompletionTicks, handshakes.ticks())).share();
}

void Member::note_return(Time now) {
  const bool is = active && in && !is_trying();
  if (!in || !active) returned.reset();
  if (is && !whole && !is_new && !assessment.failing) returned = now;
  whole = is;
  if (returned && now - *returned >= kWarmUp) returned.reset();
}

// A drained backend stays so until the file gives it flows again.
std::pair<State, Reason> Member::leaving() const {
  if (file_state == BackendState::disabled) return {State::disabled, Reason::asked};
  if (state == State::drained || (flows && flows->flows == 0)) return {State::drained, Reason::no_flows};
  return {State::draining, Reason::asked};
}

std::pair<State, Reason> Member::conclude(Time now) const {
  if (!active) return leaving();
  if (assessment.failing && in) return {State::held, kept};
  if (!in)
    return assessment.failing ? std::pair(assessment.state, assessment.reason) : std::pair(State::down, kept);
  if (is_trying()) return {State::deaf, Reason::trial};
  if (together) return {State::held, Reason::together};
  return {State::up, share(now).factor < 1 ? Reason::warming : assessment.reason};
}

void Member::settle(Time now) {
  const auto [next, why] = conclude(now);
  if (is_new || next != state) since = now;
  state = next;
  reason = why;
  detail = is_trying() || together ? silence : assessment.detail;
  is_new = false;
}

Share Member::share(Time now) const {
  if (!in) return {false, 0, reason};
  if (assessment.failing) return {true, 1, reason};
  if (is_trying()) return {true, kTrialShare, Reason::trial};
  return {true, returned ? warm_up(now - *returned) : 1, returned ? Reason::warming : Reason::passed};
}

}  // namespace steadfast::health
