// SPDX-License-Identifier: Apache-2.0
// A board with pools of a few words, and a clock that the test moves.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "health/board.h"

namespace steadfast::health {

using namespace std::chrono_literals;

inline Backend backend(int number, BackendState state = BackendState::active, std::uint32_t weight = 100) {
  Backend made;
  made.name = "b" + std::to_string(number);
  made.address = *Address::parse("10.0.2." + std::to_string(number));
  made.weight = weight;
  made.state = state;
  return made;
}

inline Health tcp_check() {
  Health health;
  health.interval = 2s;
  health.timeout = 1s;
  health.fall = 3;
  health.rise = 2;
  return health;
}

inline Pool pool(const std::string& name, int backends) {
  Pool made;
  made.name = name;
  made.health = tcp_check();
  for (int i = 1; i <= backends; ++i) made.backends.push_back(backend(i));
  return made;
}

inline config::Amount percent(double value) { return {value, true}; }
inline config::Amount count(double value) { return {value, false}; }

// One TCP service per pool, of the pool's name.
inline Model model(std::vector<Pool> pools) {
  Model made;
  for (std::size_t i = 0; i < pools.size(); ++i) {
    Service service;
    service.name = pools[i].name;
    service.pool = i;
    made.services.push_back(service);
  }
  made.pools = std::move(pools);
  return made;
}

class Fleet : public testing::Test {
 protected:
  void adopt(std::vector<Pool> pools) { board.adopt(model(std::move(pools)), now); }

  void probe(const std::string& pool, int number, Outcome outcome, Kind kind = Kind::path) {
    board.take({pool, "b" + std::to_string(number), kind, kind == Kind::path ? pool : ""}, {outcome, "", 1ms},
               now);
  }

  // A round of probes of the backends first…last, and a tick.
  void round(const std::string& pool, int first, int last, Outcome outcome) {
    for (int i = first; i <= last; ++i) probe(pool, i, outcome);
    board.tick(now);
  }

  // Rounds of all backends, two seconds apart, in which those up to `failing` fail.
  void rounds(int times, const std::string& pool, int backends, int failing) {
    for (int i = 0; i < times; ++i) {
      now += 2s;
      for (int b = 1; b <= backends; ++b) probe(pool, b, b <= failing ? Outcome::no_answer : Outcome::passed);
      board.tick(now);
    }
  }

  void wait(Time time) {
    for (const Time until = now + time; now < until;) {
      now += 1s;
      board.tick(now);
    }
  }

  BackendView of(const std::string& name, int number) {
    const View view = board.view(now);
    for (const PoolView& p : view.pools)
      for (const BackendView& b : p.backends)
        if (p.name == name && b.name == "b" + std::to_string(number)) return b;
    ADD_FAILURE() << "no backend " << number << " in " << name;
    return {};
  }
  State state(const std::string& name, int number) { return of(name, number).state; }

  int serving(const std::string& name) {
    const View view = board.view(now);
    for (const PoolView& p : view.pools)
      if (p.name == name) return static_cast<int>(p.serving);
    return -1;
  }

  bool alerts(AlertKind kind) {
    for (const Alert& alert : board.alerts())
      if (alert.kind == kind) return true;
    return false;
  }

  Board board;
  Time now = 1000s;
};

}  // namespace steadfast::health
