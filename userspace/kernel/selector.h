// SPDX-License-Identifier: Apache-2.0
// Selector: which slot packets use, which one they go back to, and until when.
// The daemon and the timer in the kernel write the same two words (bpf/deadman.h);
// every step here is one compare-and-swap that says whether the other was first.
//
//   make_live()                       old ──────────────▶ new, confirmed
//   arm() make_live_unless_undone()   old ──▶ new, unconfirmed ──▶ confirm() | fall back
//   arm() start_canary() …            old ──▶ a share of new ──▶ make_live_unless_undone()
//
// Must not enter: what a slot holds (kernel/publish.h).
#pragma once

#include <cstdint>

#include "bpf/abi.h"

namespace steadfast {

class Selector {
 public:
  explicit Selector(sf_selector& row) : row_(row) {}
  // Nothing runs: for fresh tables.
  void clear();

  std::uint32_t current() const;
  std::uint32_t previous() const { return row_.previous; }
  std::uint32_t confirmed() const { return row_.confirmed; }
  std::uint32_t candidate() const;    // SF_NO_SLOT without a canary
  double share() const;               // of the hash space that the candidate gets
  std::uint64_t deadline_ns() const;  // CLOCK_MONOTONIC; 0 = nothing is pending
  std::uint64_t fallbacks() const;
  std::uint64_t ticks() const;
  bool is_pending() const { return deadline_ns() != 0; }
  // Packets use the slot, or may come back to it by themselves.
  bool needs(std::uint32_t slot) const;

  // Live and confirmed at once. Nothing may be pending.
  void make_live(std::uint32_t slot);
  // The same generation, written anew into `to`; false: packets neither use `from`
  // any more nor would they go back to it.
  bool replace(std::uint32_t from, std::uint32_t to);

  // What runs now is what the deadline leads back to; it waits for the next step.
  void arm(std::uint64_t deadline_ns);
  // Each is false when the deadline has passed and packets went back: nothing is pending then.
  bool make_live_unless_undone(std::uint32_t slot);
  bool start_canary(std::uint32_t slot, double share);
  bool extend(std::uint64_t deadline_ns);
  bool confirm();
  bool cancel();
  // Nothing is pending, and somebody else has written here: everything but the
  // timer's own words as it was.
  void restore(const sf_selector& left);
  // Whatever was pending or half done: back to the slot last confirmed, if there is one.
  void return_to_confirmed();
  // What the timer does, in case it has died; true when packets went back.
  bool fall_back_when_due(std::uint64_t now_ns);

 private:
  bool swap_live(std::uint64_t seen, std::uint32_t current, std::uint32_t candidate, std::uint32_t share);
  bool take_deadline(std::uint64_t next);
  bool replace_behind(std::uint32_t from, std::uint32_t to);

  sf_selector& row_;
};

std::uint64_t monotonic_ns();

}  // namespace steadfast
