// SPDX-License-Identifier: Apache-2.0
// Deployment: what runs on the engine, and how the next generation gets there:
// prepare (next hops, ids, tables) changes nothing; publish makes it run or
// leaves the running one untouched.
//
// Must not enter: files, the journal, who asked for the change.
#pragma once

#include <functional>
#include <optional>

#include "compile/identity.h"
#include "counters/collect.h"
#include "kernel/kernel.h"
#include "kernel/publish.h"

namespace steadfast {

// What the balancer needs from the host around the engine. Tests and the host
// engine pretend; the daemon asks rtnetlink and attaches programs.
struct Surroundings {
  std::function<Result<NextHops>(const Model&)> resolve;
  // Attaches to every interface of the model; interfaces not in it keep what they have.
  std::function<Result<void>(const Model&)> attach = [](const Model&) { return Result<void>{}; };
  // Lets go of interfaces that the model does not name.
  std::function<Result<void>(const Model&)> release = [](const Model&) { return Result<void>{}; };
};

class Deployment {
 public:
  struct Prepared {
    Running next;
    Identities identities;
    double compile_ms = 0;
  };

  // `limits` are those the kernel's tables were sized for.
  Deployment(Kernel& kernel, const Limits& limits, Surroundings around);

  // Takes over the ids that the kernel's tables already run.
  Result<void> adopt();
  Result<Prepared> prepare(Model model, std::uint64_t generation);
  Result<PublishTimes> publish(Prepared prepared);
  // Resolves again and, if anything changed, publishes the same generation anew.
  Result<bool> refresh_next_hops();

  Kernel& kernel() const { return kernel_; }
  const std::optional<Running>& running() const { return running_; }
  // Number of the generation in the kernel, 0 = none: it may outlive any journal.
  std::uint64_t generation_in_kernel() const;
  std::size_t unresolved_next_hops() const;
  Result<Snapshot> snapshot() const { return collect(kernel_, *running_, retired_); }

 private:
  Result<void> compile_into(Prepared& prepared);
  void keep_pending(NextHops& hops) const;
  void zero_new_owners(const Identities& next);

  Kernel& kernel_;
  Publisher publisher_;
  Limits limits_;
  Surroundings around_;
  Identities identities_;
  RingCache rings_;
  std::optional<Running> running_;
  VerdictCounts retired_{};
};

}  // namespace steadfast
