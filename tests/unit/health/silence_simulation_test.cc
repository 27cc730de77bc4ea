// SPDX-License-Identifier: Apache-2.0
// How soon the passive signal finds a sick backend, and that it takes out no healthy
// one, in simulated seconds with fixed seeds: the same on every machine.
#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "fleet.h"

namespace steadfast::health {
namespace {

constexpr int kBackends = 10;

// What one backend loses from one moment of a second to another: a share of its flows, with
// all their packets, or of its SYNs, of which the next one may arrive.
struct Sickness {
  double share = 0, from = 0, until = 1;
  std::size_t backend = 0;
  bool of_syns = false;
  bool at(double moment) const { return moment >= from && moment < until; }
};

// What is on its way to one backend.
struct Way {
  struct Again {
    int in_s;
    double at;
    int repeats;  // before this one
    bool doomed;  // all packets of its flow are lost
  };
  std::uint64_t late = 0;  // completions of the second before
  std::vector<Again> again;
};

// Clients that begin flows at random, whose first ACK comes a round trip later. A SYN
// without an answer comes again after one second, after two more and after four more.
class Clients {
 public:
  explicit Clients(std::uint64_t seed) : random_(seed) {}

  struct Load {
    double flows_per_s = 0;  // to the whole pool
    double lost = 0.01;      // of them, by clients and their networks
    double scans_per_s = 0;  // SYNs whose ACK never comes, spread as flows are
    double round_trip_s = 0.08;
  };

  // The counters of a backend after one more second.
  void second(const Load& load, double share, const Sickness& sickness, HandshakeTotals& totals, Way& way) {
    const int flows = draw(load.flows_per_s * share), scans = draw(load.scans_per_s * share);
    totals.tries += static_cast<std::uint64_t>(flows + scans);
    totals.established += std::exchange(way.late, 0);
    for (Way::Again& again : std::exchange(way.again, {})) {
      if (--again.in_s > 0) {
        way.again.push_back(again);
        continue;
      }
      totals.tries += again.repeats == 0 ? 1 : 0;
      send(load, sickness, again.at, again.repeats + 1, again.doomed, totals, way);
    }
    for (int i = 0; i < flows; ++i) send(load, sickness, uniform_(random_), 0, false, totals, way);
  }

  double uniform() { return uniform_(random_); }

 private:
  void send(const Load& load, const Sickness& sickness, double at, int repeats, bool doomed,
            HandshakeTotals& totals, Way& way) {
    const bool sick = sickness.at(at) && uniform_(random_) < sickness.share;
    doomed = doomed || (sick && !sickness.of_syns);
    if (doomed || sick || uniform_(random_) < load.lost) {
      if (repeats < 3) way.again.push_back({1 << repeats, at, repeats, doomed});
      return;
    }
    // Round trips are uneven: half to five times the usual one.
    const double done = at + load.round_trip_s * (0.5 + 4.5 * std::pow(uniform_(random_), 4));
    (done < 1 ? totals.established : way.late) += 1;
  }

  int draw(double mean) { return mean <= 0 ? 0 : std::poisson_distribution<int>(mean)(random_); }

  std::mt19937_64 random_;
  std::uniform_real_distribution<double> uniform_;
};

class Simulation {
 public:
  Simulation(std::uint64_t seed, int backends)
      : clients(seed), totals(static_cast<std::size_t>(backends)), ways(totals.size()) {
    board.adopt(model({pool("web", backends)}), now);
  }

  void second(const Clients::Load& load, const Sickness& sickness = {}) {
    now += 1s;
    double sum = 0;
    std::vector<double> factors;
    for (std::size_t b = 0; b < totals.size(); ++b) {
      const Share share = board.overlay().of("web", name(b));
      factors.push_back(share.in ? share.factor : 0);
      sum += factors.back();
    }
    for (std::size_t b = 0; b < totals.size(); ++b) {
      clients.second(load, factors[b] / sum, b == sickness.backend ? sickness : Sickness{}, totals[b],
                     ways[b]);
      if (!blind) board.count("web", name(b), totals[b]);
      if (now / 1s % 2 == 0) board.take({"web", name(b), Kind::path, "web"}, {Outcome::passed, "", 1ms}, now);
    }
    board.tick(now);
  }

  static std::string name(std::size_t b) { return "b" + std::to_string(b + 1); }
  int ejections() {
    int number = 0;
    for (const Event& event : board.take_events()) {
      if (event.to != State::deaf || event.reason != Reason::silent) continue;
      std::printf("ejected after %ld s: %s\n", static_cast<long>((event.time - 1000s) / 1s),
                  event.detail.c_str());
      ++number;
    }
    return number;
  }

  Board board;
  Time now = 1000s;
  Clients clients;
  std::vector<HandshakeTotals> totals;
  std::vector<Way> ways;
  bool blind = false;
};

// Seconds from the first sick moment to the tick that takes the backend out; `limit` when it does not.
double delay(std::uint64_t seed, double flows_per_s, const Sickness& sick, int limit) {
  Simulation simulation(seed, kBackends);
  const Clients::Load load{.flows_per_s = flows_per_s};
  for (int i = 0; i < 60; ++i) simulation.second(load);
  EXPECT_EQ(simulation.ejections(), 0);
  const double from = simulation.clients.uniform();
  for (int i = 0; i < limit; ++i) {
    simulation.second(load, {sick.share, i == 0 ? from : 0, 1, 0, sick.of_syns});
    if (!simulation.board.overlay().of("web", "b1").in) return i + 1 - from;
    EXPECT_EQ(simulation.board.overlay().shares.size(), 0u) << "the wrong backend, seed " << seed;
  }
  return limit;
}

struct Delays {
  double median, p99, worst;
};

Delays delays(double flows_per_s, const Sickness& sick, int limit, std::uint64_t seeds = 20) {
  std::vector<double> all;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) all.push_back(delay(seed, flows_per_s, sick, limit));
  std::sort(all.begin(), all.end());
  const Delays found{all[all.size() / 2], all[all.size() * 99 / 100], all.back()};
  std::printf("%3.0f flows/s to %d backends, %3.0f %% of %s: median %.1f s, p99 %.1f s, worst %.1f s\n",
              flows_per_s, kBackends, 100 * sick.share, sick.of_syns ? "SYNs" : "flows", found.median,
              found.p99, found.worst);
  return found;
}

TEST(SilenceDelay, DeadAtTenFlowsPerSecondOfThePool) {
  const Delays d = delays(10, {1}, 120);
  EXPECT_LE(d.median, 8);
  EXPECT_LE(d.p99, 15);
}

TEST(SilenceDelay, DeadAtAHundredFlowsPerSecondOfThePool) {
  const Delays d = delays(100, {1}, 60);
  EXPECT_LE(d.median, 2.3);
  EXPECT_LE(d.p99, 3);
}

TEST(SilenceDelay, DeadAtAThousandFlowsPerSecondOfThePool) { EXPECT_LE(delays(1000, {1}, 60).p99, 3); }

TEST(SilenceDelay, HalfDeadAtAHundred) { EXPECT_LE(delays(100, {0.5}, 120).p99, 15); }

TEST(SilenceDelay, ThirtyPercentAtAHundred) { EXPECT_LE(delays(100, {0.3}, 120).p99, 30); }

TEST(SilenceDelay, ThirtyPercentAtAThousand) { EXPECT_LE(delays(1000, {0.3}, 120).p99, 10); }

Sickness of_syns(double share) {
  Sickness sickness{share};
  sickness.of_syns = true;
  return sickness;
}

// Nearly all of these flows complete in the end.
TEST(SilenceDelay, HalfOfTheSynsAtAHundred) { EXPECT_LE(delays(100, of_syns(0.5), 120).p99, 15); }

TEST(SilenceDelay, ThirtyPercentOfTheSynsAtAHundred) { EXPECT_LE(delays(100, of_syns(0.3), 120).p99, 30); }

// Hours of load with everything that is not the fault of one backend.
class FalseAlarms : public testing::TestWithParam<std::uint64_t> {};

TEST_P(FalseAlarms, AreNone) {
  const auto run = [&](int backends, double flows_per_s) {
    Simulation simulation(1000 + GetParam(), backends);
    std::mt19937_64 choice(GetParam());
    Clients::Load load{.flows_per_s = flows_per_s};
    Sickness pause;
    for (int second = 0; second < 2 * 3600; ++second) {
      const int minute = second / 60 % 12;
      load.scans_per_s = minute == 2   ? flows_per_s
                         : minute == 3 ? 50 * flows_per_s
                         : minute == 4 ? 0.2 * flows_per_s
                                       : 0;
      load.flows_per_s = minute == 6 ? 10 * flows_per_s : minute == 7 ? flows_per_s / 20 : flows_per_s;
      load.lost = minute == 8 ? 0.3 : 0.01;
      load.round_trip_s = minute == 9 ? 0.4 : 0.08;
      simulation.blind = minute == 10 && second % 60 < 20;  // the daemon restarts
      // A backend restarts within a second, once in five minutes.
      if (second % 300 == 150)
        pause = {1, simulation.clients.uniform(), 1, choice() % static_cast<std::uint64_t>(backends), true};
      else
        pause = {second % 300 == 151 ? 1.0 : 0.0, 0, pause.from, pause.backend, true};
      simulation.second(load, pause);
    }
    EXPECT_EQ(simulation.ejections(), 0) << backends << " backends, " << flows_per_s << " flows/s";
  };
  run(10, 10);
  run(10, 100);
  run(3, 10);
  run(2, 50);
}

INSTANTIATE_TEST_SUITE_P(Seeds, FalseAlarms, testing::Range<std::uint64_t>(1, 3));

}  // namespace
}  // namespace steadfast::health
