// SPDX-License-Identifier: Apache-2.0
// Floor: who must stay although its health says no, because a pool never keeps
// fewer than min_healthy backends.
//
// Without min_healthy the floor is one: a pool without backends drops every
// packet, and the last one, whatever its probes say, may still serve somebody. An
// operator who wants no answer rather than a bad one writes min_healthy = 0.
//
// Must not enter: time, pace (pace.h), states.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "health/time.h"
#include "model/model.h"

namespace steadfast::health {

// One backend that the file gives new flows, as the floor sees it.
struct Candidate {
  bool failing = false;
  bool proven = true;   // something says that it works, not just nothing against it
  bool serving = true;  // it takes new flows now
  std::optional<Time> last_pass{};
  unsigned fails = 0;     // probes in a row
  double completion = 1;  // share of users' handshakes that completed lately
  std::uint32_t weight = 0;
};

// How many of `active` backends must stay; percentages round up.
std::size_t floor_of(const Pool& pool, std::size_t active);

// Indices of the failing candidates that must stay. Kept first are those that serve
// now, so that a pool on its floor does not move flows from one bad backend to
// another; then the least bad: passed most recently, fewest failures, best completion.
std::vector<std::size_t> kept_by_floor(std::span<const Candidate> candidates, std::size_t floor);

// Indices of the failing candidates, the worst first.
std::vector<std::size_t> worst_first(std::span<const Candidate> candidates);

}  // namespace steadfast::health
