// SPDX-License-Identifier: Apache-2.0
#include "kernel/selector.h"

#include <algorithm>
#include <cmath>
#include <ctime>

#include "base/bug.h"
#include "base/fault_point.h"
#include "bpf/deadman.h"

namespace steadfast {
namespace {

constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;

std::uint32_t shares_of(double share) {
  const auto shares = static_cast<std::uint32_t>(std::lround(share * SF_LIVE_SHARES));
  return std::clamp(shares, 1u, SF_LIVE_SHARES - 1u);
}

}  // namespace

void Selector::clear() {
  row_.live = SF_LIVE_NONE;
  row_.previous = row_.confirmed = SF_NO_SLOT;
}

std::uint32_t Selector::current() const { return sf_live_slot(sf_read_once(&row_.live)); }

std::uint32_t Selector::candidate() const {
  const std::uint64_t live = sf_read_once(&row_.live);
  return sf_live_share(live) != 0 ? sf_live_candidate(live) : SF_NO_SLOT;
}

double Selector::share() const {
  return static_cast<double>(sf_live_share(sf_read_once(&row_.live))) / SF_LIVE_SHARES;
}

std::uint64_t Selector::deadline_ns() const { return sf_read_once(&row_.deadline_ns); }
std::uint64_t Selector::fallbacks() const { return sf_read_once(&row_.fallbacks); }
std::uint64_t Selector::ticks() const { return sf_read_once(&row_.ticks); }

bool Selector::needs(std::uint32_t slot) const {
  return slot == current() || slot == candidate() || slot == row_.previous || slot == row_.confirmed;
}

bool Selector::swap_live(std::uint64_t seen, std::uint32_t current, std::uint32_t candidate,
                         std::uint32_t share) {
  return __sync_bool_compare_and_swap(&row_.live, seen, sf_live_after(seen, current, candidate, share));
}

// The word is swapped, not stored, so that no packet can see the slot before it
// sees what was written there.
void Selector::make_live(std::uint32_t slot) {
  invariant(!is_pending(), "a change that is final waits for the pending one");
  row_.previous = current();
  fault_point("previous noted");
  invariant(swap_live(sf_read_once(&row_.live), slot, 0, 0), "with nothing pending the daemon alone flips");
  fault_point("live");
  row_.confirmed = slot;
  fault_point("confirmed");
}

bool Selector::replace(std::uint32_t from, std::uint32_t to) {
  const std::uint64_t live = sf_read_once(&row_.live);
  const std::uint32_t share = sf_live_share(live);
  const bool is_current = sf_live_slot(live) == from;
  const bool is_candidate = share != 0 && sf_live_candidate(live) == from;
  if (!is_current && !is_candidate) return replace_behind(from, to);
  const std::uint32_t current = is_current ? to : sf_live_slot(live);
  if (!swap_live(live, current, is_candidate ? to : sf_live_candidate(live), share)) return false;
  if (row_.confirmed == from) row_.confirmed = to;
  if (row_.previous == from) row_.previous = to;
  return true;
}

// Nobody uses the slot to go back to until then; whoever goes back meanwhile
// takes the old one, which stays as it is.
bool Selector::replace_behind(std::uint32_t from, std::uint32_t to) {
  if (row_.previous != from) return false;
  row_.previous = to;
  if (row_.confirmed == from) row_.confirmed = to;
  return true;
}

// `previous` before the deadline: from then on the timer may act at any time.
void Selector::arm(std::uint64_t deadline_ns) {
  invariant(!is_pending(), "one change is pending at a time");
  row_.previous = current();
  fault_point("previous noted");
  __sync_synchronize();
  invariant(__sync_bool_compare_and_swap(&row_.deadline_ns, 0, deadline_ns), "the daemon alone arms");
}

bool Selector::make_live_unless_undone(std::uint32_t slot) {
  const std::uint64_t live = sf_read_once(&row_.live);
  return is_pending() && swap_live(live, slot, 0, 0);
}

bool Selector::start_canary(std::uint32_t slot, double share) {
  const std::uint64_t live = sf_read_once(&row_.live);
  return is_pending() && swap_live(live, sf_live_slot(live), slot, shares_of(share));
}

bool Selector::take_deadline(std::uint64_t next) {
  const std::uint64_t deadline = deadline_ns();
  return deadline != 0 && __sync_bool_compare_and_swap(&row_.deadline_ns, deadline, next);
}

bool Selector::extend(std::uint64_t deadline_ns) { return take_deadline(deadline_ns); }

bool Selector::confirm() {
  if (!take_deadline(0)) return false;
  fault_point("deadline taken");
  row_.confirmed = current();
  fault_point("confirmed");
  return true;
}

// Never "no deadline" before the flip: a daemon that dies in between would leave
// the unconfirmed slot live for good. This way the timer finishes the work.
bool Selector::cancel() {
  if (!take_deadline(SF_DEADLINE_NOW)) return false;
  fault_point("deadline taken");
  fall_back_when_due(monotonic_ns());
  return true;
}

void Selector::return_to_confirmed() {
  cancel();
  take_deadline(0);  // armed, but nothing had been flipped yet
  const std::uint64_t live = sf_read_once(&row_.live);
  if (row_.confirmed >= SF_SLOTS || (sf_live_slot(live) == row_.confirmed && sf_live_share(live) == 0))
    return;
  row_.previous = row_.confirmed;
  invariant(swap_live(live, row_.confirmed, 0, 0), "with nothing pending the daemon alone flips");
}

// The deadline first: from then on the timer leaves the rest alone.
void Selector::restore(const sf_selector& left) {
  __atomic_store_n(&row_.deadline_ns, 0, __ATOMIC_SEQ_CST);
  row_.previous = left.previous;
  row_.confirmed = left.confirmed;
  row_.reserved = left.reserved;
  __atomic_store_n(&row_.live,
                   sf_live_after(sf_read_once(&row_.live), sf_live_slot(left.live),
                                 sf_live_candidate(left.live), sf_live_share(left.live)),
                   __ATOMIC_SEQ_CST);
}

bool Selector::fall_back_when_due(std::uint64_t now_ns) { return sf_fall_back_when_due(&row_, now_ns) != 0; }

std::uint64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * kNanosecondsPerSecond +
         static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace steadfast
