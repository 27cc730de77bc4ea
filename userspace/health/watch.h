// SPDX-License-Identifier: Apache-2.0
// Watch: the probes of one backend and what they say together.
//
// The decisive kind decides: the path to the VIPs, or the backend's own address when
// the check is independent. A backend whose path fails, and whose own address has
// answered since it does, is deaf, whichever of them is decisive. One lacking VIP
// makes the backend failing: a pool's backends serve all services of the pool.
//
// Must not enter: users' traffic (silence.h), the other backends (pool_watch.h).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "health/local_cause.h"
#include "health/state.h"
#include "health/track.h"
#include "model/model.h"

namespace steadfast::health {

struct Assessment {
  bool failing = false;
  State state = State::up;  // down or deaf when failing
  bool proven = false;
  Reason reason = Reason::unproven;
  std::string detail{};
  unsigned fails = 0;
  std::optional<Time> last_pass{};
};

class Watch {
 public:
  void take(const Target& target, const ProbeResult& result, const Health& health, Time now);
  // Tracks of services that no longer use the pool end.
  void keep_services(const std::vector<std::string>& services);
  void forgive(Time since);

  Assessment assess(const std::optional<Health>& health) const;
  // None before the first result of a decisive probe.
  std::optional<Voter> voter(std::size_t pool, bool independent) const;
  // The latest result of a decisive probe.
  std::optional<ProbeResult> last(bool independent) const;

 private:
  std::vector<const Track*> decisive(bool independent) const;
  const std::pair<const std::string, Track>* failing_path() const;

  Track address_;
  std::map<std::string, Track> paths_;  // by service
};

}  // namespace steadfast::health
