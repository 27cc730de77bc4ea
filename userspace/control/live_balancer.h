// SPDX-License-Identifier: Apache-2.0
// LiveBalancer: the Balancer over one engine. With BpfKernel, rtnetlink and a
// journal it is the daemon; with HostKernel and pretended next hops it answers
// traces and tests without privileges.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "compile/identity.h"
#include "control/balancer.h"
#include "counters/collect.h"
#include "journal/journal.h"
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

class LiveBalancer final : public Balancer {
 public:
  // `limits` are those the kernel's tables were sized for; `journal` may be null.
  // Adopts what the kernel's tables already run.
  static Result<std::unique_ptr<LiveBalancer>> open(Kernel& kernel, const Limits& limits, Surroundings around,
                                                    std::optional<Journal> journal);

  // Makes the journal's running generation live again under its own number.
  Outcome resume();
  // Resolves again and, if anything changed, publishes the same generation anew.
  Result<bool> refresh_next_hops();

  Outcome apply(const Change& change) override;
  Outcome edit(const BackendEdit& edit) override;
  Outcome rollback(std::uint64_t to, const std::string& author, const std::string& reason) override;
  Status status() const override;
  Result<Snapshot> snapshot() override;
  std::string config_text() const override;
  std::string config_file() const override;
  std::vector<GenerationInfo> generations() const override;
  Result<TraceAnswer> trace(const Frame& frame) override;

 private:
  struct Candidate {
    Change change;
    Generation record;
    Running running;
    Identities identities;
  };

  LiveBalancer(Kernel& kernel, const Limits& limits, Surroundings around, std::optional<Journal> journal);

  Outcome apply_locked(const Change& change);
  bool clock_ticks() const;
  Outcome transact(const Change& change, std::uint64_t number, const std::string& former_outcome);
  Result<void> prepare(Candidate& candidate, Outcome& outcome);
  Result<void> compile_into(Candidate& candidate);
  Result<void> commit(Candidate candidate, const std::string& former_outcome, Outcome& outcome);
  void zero_new_owners(const Identities& next);
  void keep_pending(NextHops& hops) const;
  std::uint64_t next_number() const;
  Outcome finish(Outcome outcome);

  mutable std::mutex mutex_;
  Kernel& kernel_;
  Publisher publisher_;
  Limits limits_;
  Surroundings around_;
  std::optional<Journal> journal_;
  std::vector<Generation> history_;  // without a journal
  Identities identities_;
  std::optional<Running> running_;
  Generation record_;  // of the running generation
  std::string text_;
  VerdictCounts retired_{};
  std::string last_verdict_ = "none";
  double started_s_ = 0;
};

}  // namespace steadfast
