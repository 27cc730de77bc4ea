// SPDX-License-Identifier: Apache-2.0
// Edge: services over pools of backends that may be out of reach, deaf or gone, second
// by second through the same Detectors that the daemon has; who is silent is found by
// the code of health checks (health/silence.h). Everything comes from one seed.
//
// Must not enter: what an incident is (incidents.h); what is counted as a success.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "detect/detectors.h"
#include "health/handshakes.h"

namespace steadfast::simulation {

struct EdgeBackend {
  std::string object;  // "backend/p3/p3-07"
  Place place;
  double weight = 1;
  bool has_next_hop = true;
  double completion = 0.97;  // of its handshakes
  double most_flows = 0;     // it completes no more of them a second; 0: as many as come
};

struct EdgePool {
  std::string name;
  std::vector<EdgeBackend> backends;
  bool has_checks_passed = true;  // none is left otherwise
};

struct EdgeService {
  std::string name;
  std::string endpoint;
  Place place;
  std::size_t pool = 0;
  double packets_per_s = 1000;
  double sender = 0.005, denied = 0;  // shares of its packets
};

class Edge {
 public:
  static constexpr double kAhead_s = 1'700'006'400;

  explicit Edge(std::uint64_t seed, const detect::Without& without = {})
      : random_(seed), detectors_(without) {}

  // Before the first second. Every service has at least one pool.
  void add_pool(std::size_t backends);
  void add_service(std::size_t pool, double packets_per_s);

  std::vector<EdgePool>& pools() { return pools_; }
  std::vector<EdgeService>& services() { return services_; }
  std::mt19937_64& random() { return random_; }
  double now_s() const { return now_s_; }
  double uniform(double from, double to);
  std::size_t below(std::size_t end);
  bool chance(double share) { return uniform(0, 1) < share; }

  // Pools, backends or next hops are others: as when a generation is written.
  void show();
  // Packets follow it from now on; `pending`: nobody has confirmed it.
  std::uint64_t flip(detect::ChangeMade change, bool pending);
  void add_drift(detect::Drift drift) { second_.drifts.push_back(std::move(drift)); }
  std::uint64_t pending() const { return second_.unconfirmed ? second_.unconfirmed->generation : 0; }
  // The program is on no interface: nothing reaches the counters.
  void detach() { detached_ = true; }

  void step(double length_s = 1);
  const detect::Detectors& detectors() const { return detectors_; }
  // Services over this pool.
  std::set<std::string> endpoints_over(std::size_t pool) const;

 private:
  struct Listening {
    std::vector<health::HandshakeHistory> backends;
    health::HandshakeHistory pool;
    std::vector<std::uint32_t> failed;  // of the last second: they try once more
    std::vector<std::optional<double>> silent_since_s;
  };

  std::uint64_t about(double mean);
  std::uint64_t part(std::uint64_t of, double share);
  double ring_share(const EdgePool& pool, const EdgeBackend& backend) const;
  void carry(const EdgeService& service, double length_s);
  void shake_hands(std::size_t pool);
  health::Handshakes tick(Listening& listening, std::size_t backend, const EdgeBackend& one, double flows);
  void find_silent(std::size_t pool);
  void count_flows(double length_s);

  std::mt19937_64 random_;
  std::vector<EdgePool> pools_;
  std::vector<Listening> listening_;  // by pool
  std::vector<EdgeService> services_;
  std::map<std::string, VerdictCounts> counters_;
  std::vector<std::uint64_t> flows_, established_;
  detect::Scene scene_;
  detect::Second second_;
  detect::Detectors detectors_;
  bool detached_ = false;
  double now_s_ = 0;
};

}  // namespace steadfast::simulation
