// SPDX-License-Identifier: Apache-2.0
// Fleet: services that carry made-up traffic, second by second, through the same
// Detectors that the daemon has. Everything comes from one seed.
//
// Must not enter: what is counted as a success or a failure (the trials).
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "detect/detectors.h"

namespace steadfast::simulation {

// What a service carries now; a trial changes it as it goes.
struct Load {
  double packets_per_s = 1000;
  double configuration = 1e-5;  // share that the configuration drops: strays
  double sender = 0.005;        // share that senders bring on themselves
  double refused = 0;           // share that allow and deny refuse
  bool has_days = false;        // nights are quieter
  double half_open = 0.03;      // share of new flows whose handshake nobody completes
};

class Fleet {
 public:
  static constexpr std::size_t kBackends = 8;
  static constexpr double kUnix_s = 1'700'006'400;  // midnight

  Fleet(std::uint64_t seed, std::size_t services);

  Load& load(std::size_t service) { return loads_[service]; }
  std::size_t size() const { return loads_.size(); }
  std::mt19937_64& random() { return random_; }
  double now_s() const { return now_s_; }

  // One second passes; of the share dropped by configuration only the part after `onset` (0…1) of it.
  void step(double onset = 0);
  void steps(std::size_t seconds) {
    for (std::size_t i = 0; i < seconds; ++i) step();
  }
  // Of the last second.
  std::uint64_t packets(std::size_t service) const { return packets_[service]; }
  std::uint64_t dropped(std::size_t service) const { return dropped_[service]; }

  // A change that touches these services is pending from now on, under another number.
  std::uint64_t pend(const std::vector<std::size_t>& services);
  void end_pending() { second_.unconfirmed.reset(); }
  // Another ring: what a deployment of backends does.
  void deploy(std::size_t service);
  // The daemon is another one; the kernel goes on counting.
  void restart();
  void zero_counters(std::size_t service);

  const detect::Detectors& detectors() const { return *detectors_; }
  std::size_t pages() const;  // that stand now, for drops by configuration
  bool pages(std::size_t service) const;

 private:
  std::uint64_t about(double mean);
  double of_the_day(std::size_t service) const;
  void carry(std::size_t service, double onset);
  void spread_flows(std::size_t service);
  void show();

  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  std::vector<Load> loads_;
  std::vector<std::string> endpoints_;
  std::vector<VerdictCounts*> rows_;
  std::vector<double> drift_;  // slow, of what a service carries
  std::vector<std::uint64_t> packets_, dropped_, flows_, established_;
  std::map<std::string, VerdictCounts> counters_;
  detect::Scene scene_;
  detect::Second second_;
  std::unique_ptr<detect::Detectors> detectors_;
  double now_s_ = 0;
};

}  // namespace steadfast::simulation
