// SPDX-License-Identifier: Apache-2.0
// Local cause: when everything fails at once, the fault is on this host (its link,
// its route, its resolver, its CPU) and not on every backend. Then no health change
// is published until probes pass again, and what failed meanwhile is not held
// against the backends.
//
// Must not enter: one pool alone (its floor and pace protect it).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "health/time.h"

namespace steadfast::health {

inline constexpr std::size_t kLeastPools = 2, kLeastBackends = 4;
inline constexpr Time kSameMoment = std::chrono::seconds(5);

// One backend whose probes were answered before this episode.
struct Voter {
  std::size_t pool = 0;
  bool failing = false;                 // its latest proofs are failures
  bool local_error = false;             // its latest probe did not leave this host
  std::optional<Time> failing_since{};  // of the first failure of these
  std::optional<Time> last_proof{};     // of the latest probe that proved anything
  std::optional<Time> last_pass{};
};

class LocalCause {
 public:
  enum class Cause { none, all_fail, no_probe_leaves };

  // `fallen`: a backend would be taken out now. Nothing is frozen before, because
  // until then the pools with a slower check have not been heard.
  void tick(std::span<const Voter> voters, bool fallen, Time now);

  Cause cause() const { return cause_; }
  bool is_frozen() const { return cause_ != Cause::none; }
  Time since() const { return since_; }
  // The first failure of the episode.
  Time began() const { return began_; }

 private:
  bool is_over(std::span<const Voter> voters) const;

  Cause cause_ = Cause::none;
  Time since_{}, began_{};
};

std::string_view name(LocalCause::Cause cause);

}  // namespace steadfast::health
