// SPDX-License-Identifier: Apache-2.0
// Schedule: when each probe is due. Intervals vary by 10 % from a seeded hash, so
// that probes of one start do not stay a herd, and a pool has no more than its
// number of probes running. Each probe costs O(log n).
//
// Must not enter: sending, results.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <vector>

#include "health/targets.h"

namespace steadfast::health {

class Schedule {
 public:
  // `seed` tells balancers apart: two of them do not ask in step.
  Schedule(std::uint64_t seed, unsigned running_per_pool) : seed_(seed), limit_(running_per_pool) {}

  // Targets that stay keep their time; new ones begin spread over their interval.
  void assign(const std::vector<Task>& tasks, Time now);
  // When take_due() will have something, unless finish() frees a place before.
  std::optional<Time> next() const;
  // Those to start now. Each must be given to finish() when it has ended.
  std::vector<Target> take_due(Time now);
  void finish(const Target& target, Time now);
  std::size_t running() const;

 private:
  static constexpr std::uint64_t kGone = 0;  // the number of a target that only ends its run

  struct Entry {
    Time interval{};
    Time started{};
    std::uint64_t runs = 0;
    std::uint64_t number = kGone;  // tells it from an earlier entry of the same target
    bool running = false;
  };
  struct Due {
    Time time{};
    Target target;
    std::uint64_t number = 0;
    bool operator>(const Due& other) const { return time > other.time; }
  };
  struct Group {
    unsigned running = 0;
    std::deque<Due> waiting;  // due, without a place
  };

  double noise(const Target& target, std::uint64_t run) const;
  void keep_running(std::map<Target, Entry>& kept) const;
  void free_place(Group& group, Time now);
  bool is_current(const Due& due) const;
  void start(const Due& due, Time now, std::vector<Target>& started);

  std::uint64_t seed_;
  unsigned limit_;
  std::uint64_t numbers_ = 0;
  std::map<Target, Entry> entries_;
  std::map<std::string, Group> groups_;  // by pool
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
};

}  // namespace steadfast::health
