// SPDX-License-Identifier: Apache-2.0
// Member: one backend of a pool: what the file says, what was seen of it, and what
// was decided.
//
// Must not enter: the deciding (pool_watch.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "health/handshakes.h"
#include "health/overlay.h"
#include "health/trial.h"
#include "health/watch.h"

namespace steadfast::health {

// Ever growing, as the packet path counts them; TCP only.
struct HandshakeTotals {
  std::uint64_t tries = 0;
  std::uint64_t established = 0;
};

// Flows that still need a backend: those that neither closed nor fell silent.
struct FlowsLeft {
  std::uint64_t flows = 0;
  std::uint32_t quiet_in_s = 0;  // by then the last of them counts no more, unless a packet comes
  bool operator==(const FlowsLeft&) const = default;
};

struct Member {
  std::string name;
  Address address;
  std::uint32_t weight = 0;
  BackendState file_state = BackendState::active;
  bool active = true;  // the file gives it new flows

  Watch watch;
  HandshakeHistory handshakes;
  std::optional<HandshakeTotals> totals, counted;  // latest, and the one before the latest tick
  std::optional<FlowsLeft> flows;                  // known since its state began
  Trial trial;
  bool together = false;  // silent with over a quarter of the pool
  std::string silence;    // what the handshakes said when they were last too few

  Assessment assessment;
  bool in = true;                // takes new flows
  bool whole = true;             // more than a trial's share of them
  Reason kept = Reason::floor;   // why, when it is failing
  std::optional<Time> returned;  // to its whole share
  bool is_new = true;            // no state was told yet
  State state = State::up;
  Reason reason = Reason::unproven;
  std::string detail;
  Time since{};

  bool is_trying() const { return trial.phase() == Trial::Phase::trying; }
  double completion() const;  // of its handshakes, over the last half minute
  // What changed since the tick before; nothing when the counters went back or are new.
  Handshakes take_handshakes();
  // Its warm-up begins when it gets more than a trial's share again.
  void note_return(Time now);
  // The state that follows from what the file says, what was seen and what was decided.
  void settle(Time now);
  Share share(Time now) const;

 private:
  std::pair<State, Reason> conclude(Time now) const;
  std::pair<State, Reason> leaving() const;
};

}  // namespace steadfast::health
