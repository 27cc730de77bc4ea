// SPDX-License-Identifier: Apache-2.0
// Auditor: compares what runs in the kernel with what this balancer has written
// there, all the time, and does with a difference what the file says: report it,
// put it right, or freeze. A repair is an event that people see, and one that does
// not hold is not tried for ever.
//
// Its owner holds the balancer's lock in every call, so a publication is never
// seen half. Must not enter: files, the journal, the doctor.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "audit/read_back.h"
#include "audit/repairs.h"
#include "config/finding.h"
#include "control/deployment.h"

namespace steadfast {

class Auditor {
 public:
  explicit Auditor(Deployment& deployment) : deployment_(deployment) {}

  // Does what is due by now, twice a second.
  void tend(std::uint64_t now_ns);
  std::uint64_t due_ns() const { return due_ns_; }
  // The host's network has changed: programs and links are due at once.
  void look_now() { due_ns_ = 0; }
  // Every entry, program, link and pin now: standing() is of this moment then. Puts nothing right.
  void look_at_all(std::uint64_t now_ns);
  // An operator has changed what runs: repairs that were given up may be tried again.
  void begin_anew();

  // What was wrong when last looked at.
  Findings standing(std::uint64_t now_ns) const;
  // What happened within the last hour; a warning where it was put right.
  Findings events(std::uint64_t now_ns) const;
  struct Event {
    std::uint64_t at_ns = 0;
    Finding finding;
  };
  const std::deque<Event>& all_events() const { return events_; }
  // Why nothing may be changed until somebody has looked; empty when it may.
  const std::string& frozen() const { return frozen_; }
  std::uint64_t repairs() const { return tables_.total() + program_.total(); }
  // Rows that a whole look compares.
  std::uint64_t entries() const;
  // Seconds since the whole of the tables was last seen; below 0 = not yet.
  double read_back_age_s(std::uint64_t now_ns) const;

 private:
  void look_at_selector();
  void look_at_programs();
  void look_at_next_hops();
  std::optional<Finding> look_at_tables(std::uint64_t now_ns, bool whole);
  // Says in `event` what was done.
  void act_on_tables(Finding* event, std::uint64_t now_ns);
  void act_on_programs(std::uint64_t now_ns);
  void note(Finding finding, std::uint64_t now_ns);
  std::vector<audit::Written> written() const;

  Deployment& deployment_;
  audit::ReadBack read_back_;
  std::vector<audit::Difference> selector_;
  Findings programs_;
  Findings next_hops_;
  std::uint64_t next_hops_of_ = UINT64_MAX;  // writings when they were looked at
  std::deque<Event> events_;
  audit::Repairs tables_, program_;
  std::string frozen_;
  std::uint64_t due_ns_ = 0;
  std::uint64_t began_ns_ = 0;
};

}  // namespace steadfast
