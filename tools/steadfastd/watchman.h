// SPDX-License-Identifier: Apache-2.0
// Watchman: the threads that turn the Keeper, so that probing never waits for a change
// of the configuration and no change waits for a probe.
//
//   one asks    the prober's epoll, and nothing that takes the balancer's lock
//   one governs follows what runs, counts, judges, publishes what health takes away
//   one examines the backends that fail, one after the other
//
// Must not enter: what follows from an answer (keeper/, health/).
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "control/live_balancer.h"
#include "keeper/keeper.h"
#include "kernel/probe_path.h"
#include "probe/prober.h"

namespace steadfast {

class Watchman final : public HealthWitness {
 public:
  // Of a balancer that runs something. It begins with what the daemon before it knew,
  // and keeps what it knows itself in `memory`; nobody else is out before a probe has
  // said so.
  static Result<std::unique_ptr<Watchman>> start(LiveBalancer& balancer, const Recollection& remembered,
                                                 std::filesystem::path memory);
  ~Watchman() override;

  HealthReport report() const override { return keeper_.report(); }
  HealthReport unwell() const override { return keeper_.unwell(); }
  HealthStatus status() const override { return keeper_.status(); }
  Result<std::vector<Examined>> examine(const std::string& pool, const std::string& backend) const override;
  Result<std::vector<ExaminedMember>> examine_change(const Model& after, const NextHops& hops,
                                                     const Model* before) const override;

 private:
  Watchman(LiveBalancer& balancer, probe::Prober prober, std::filesystem::path memory);

  void ask();
  void govern();
  void follow();
  void hold_path(health::Time now);
  void count();
  void judge(health::Time now);
  void publish();
  void remember();
  void examine_failing();
  // False when it was woken to stop.
  bool rest(std::chrono::milliseconds time);

  LiveBalancer& balancer_;
  Keeper keeper_;
  std::unique_ptr<ProbePath> path_;
  std::atomic<const ProbePath*> path_in_use_{nullptr};
  probe::Prober prober_;
  std::uint64_t revision_ = 0, reading_ = 0;
  std::vector<std::string> interfaces_;
  std::filesystem::path memory_;
  Recollection remembered_;  // as it stands there
  health::Time path_due_{}, judge_due_{};

  std::mutex mutex_;
  std::condition_variable stopped_;
  std::atomic<bool> stopping_{false};
  std::thread asking_, governing_, examining_;
};

}  // namespace steadfast
