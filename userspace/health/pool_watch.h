// SPDX-License-Identifier: Apache-2.0
// PoolWatch: the backends of one pool together: who is silent compared with the
// others, who goes out, whom the floor and the pace keep, and the state that
// follows from it.
//
// Must not enter: other pools (board.h), publishing.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "health/floor.h"
#include "health/member.h"
#include "health/pace.h"

namespace steadfast::health {

class PoolWatch {
 public:
  // Backends that are still there, by name and address, keep what is known of them.
  // `services` are the active ones that use the pool; `comparable`: their flows are
  // spread by all five fields, so backends can be compared by their handshakes.
  void adopt(const Pool& pool, std::vector<std::string> services, bool comparable);

  void take(const Target& target, const ProbeResult& result, Time now);
  void begin_out(const std::string& backend);
  void count(const std::string& backend, const HandshakeTotals& totals);
  void count(std::size_t backend, const HandshakeTotals& totals);
  void set_flows(const std::string& backend, FlowsLeft flows);

  // In this order, once a tick. A frozen pool keeps everybody where they are.
  void compare(bool frozen, Time now);
  void assess();
  void decide(bool frozen, Time now);
  void settle(Time now, std::vector<Event>& events);

  void add_voters(std::size_t pool, std::vector<Voter>& voters) const;
  // A backend fails that was not failing at the tick before.
  bool has_fallen() const;
  void forgive(Time since);

  const Pool& pool() const { return pool_; }
  const std::vector<Member>& members() const { return members_; }
  std::size_t active() const;
  std::size_t healthy() const;
  std::size_t needed() const { return floor_of(pool_, active()); }
  bool on_floor() const;
  bool together() const;

 private:
  Member* find(const std::string& backend);
  void count_handshakes();
  void eject_silent(Time now);
  void tick_trial(Member& member, Time now);
  std::vector<Candidate> candidates(const std::vector<std::size_t>& active) const;
  void keep_or_take_out(const std::vector<std::size_t>& active, Time now);

  Pool pool_;
  std::vector<std::string> services_;
  bool comparable_ = false;
  std::vector<Member> members_;
  std::map<std::string, std::size_t> places_;  // by backend
  HandshakeHistory handshakes_;                // of all members
  bool counted_ = false;                       // since the last tick
  Pace pace_;
};

}  // namespace steadfast::health
