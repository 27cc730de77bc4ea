// SPDX-License-Identifier: Apache-2.0
// LiveBalancer: the Balancer over one engine. With BpfKernel, rtnetlink and a
// journal it is the daemon; with HostKernel and pretended next hops it answers
// traces and tests without privileges.
//
// Admission judges a change, Deployment makes it run, the journal remembers it;
// here is only their order.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "control/balancer.h"
#include "control/deployment.h"
#include "journal/journal.h"

namespace steadfast {

class LiveBalancer final : public Balancer {
 public:
  // `limits` are those the kernel's tables were sized for; `journal` may be null.
  // Adopts what the kernel's tables already run.
  static Result<std::unique_ptr<LiveBalancer>> open(Kernel& kernel, const Limits& limits, Surroundings around,
                                                    std::optional<Journal> journal);

  // Makes the journal's running generation live again under its own number.
  Outcome resume();
  // True when the host's network had changed and the same generation was published anew.
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
  LiveBalancer(Kernel& kernel, const Limits& limits, Surroundings around, std::optional<Journal> journal);

  Outcome apply_locked(const Change& change);
  // `former_outcome`: what becomes of the running generation.
  Outcome transact(const Change& change, Generation record, const std::string& former_outcome);
  Result<void> commit(Model model, Generation record, const Change& change, const std::string& former_outcome,
                      Outcome& outcome);
  void remember(Generation record, const std::string& former_outcome);
  std::uint64_t next_number() const;
  std::uint64_t generation_before() const;
  const std::vector<Generation>& history() const;
  Outcome failed(std::string error);
  Outcome finish(Outcome outcome);

  mutable std::mutex mutex_;
  Deployment deployment_;
  std::optional<Journal> journal_;
  std::vector<Generation> history_;  // instead of a journal
  Generation record_;                // of the running generation
  std::string text_;
  std::string last_verdict_ = "none";
  double started_s_ = 0;
};

}  // namespace steadfast
