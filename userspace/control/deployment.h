// SPDX-License-Identifier: Apache-2.0
// Deployment: what runs on the engine, and how the next generation gets there.
// resolve, prepare and write change nothing that packets see; run makes the
// candidate final, run_until makes it pending: it goes back by itself unless
// confirm comes first.
//
// Must not enter: files, the journal, who asked for the change.
#pragma once

#include <poll.h>

#include <functional>
#include <optional>

#include "compile/identity.h"
#include "config/finding.h"
#include "counters/collect.h"
#include "kernel/attached.h"
#include "kernel/kept_text.h"
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
  // Starts the timer in the kernel again; false: the engine has none.
  std::function<Result<bool>()> restart_timer = [] { return Result<bool>(false); };
  // What runs on the interfaces of the model now; the engine may have no interfaces.
  std::function<Result<Attached>(const Model&)> attached;
  // Attaches again where somebody else has meddled.
  std::function<Result<void>(const Model&)> attach_again = [](const Model&) { return Result<void>{}; };
  // Keeps the text of a generation beside the tables that were made of it, and forgets
  // those of all others.
  std::function<Result<void>(const KeptText&)> keep_text = [](const KeptText&) { return Result<void>{}; };
  std::function<void(std::uint64_t number)> forget_texts_but = [](std::uint64_t) {};
  // Rules of the host that speak of this model (the doctor); the engine may have no host.
  std::function<Findings(const Model&)> examine_host = [](const Model&) { return Findings{}; };
  // The same of what a change adds or alters; `before` is null when nothing runs.
  std::function<Findings(const Model& after, const Model* before)> examine_change =
      [](const Model&, const Model*) { return Findings{}; };
  bool has_host = false;
  std::string config_file;  // that a start without a journal would read; empty = none
  std::function<void(int ms)> pause = [](int ms) { poll(nullptr, 0, ms); };
  std::function<std::uint64_t()> now_ns = monotonic_ns;  // CLOCK_MONOTONIC, the kernel's deadlines use it
};

class Deployment {
 public:
  struct Prepared {
    Running next;
    Identities identities;
    double compile_ms = 0;
  };
  // Written into a slot that no packet uses yet.
  struct Candidate {
    Prepared prepared;
    std::uint32_t slot = SF_NO_SLOT;
    PublishTimes times;
  };

  // `limits` are those the kernel's tables were sized for.
  Deployment(Kernel& kernel, const Limits& limits, Surroundings around);

  // Takes over the ids that the kernel's tables already run, back on the slot
  // that was confirmed last.
  Result<void> adopt();
  enum class Patience { none, neighbours };
  // With patience a second at most is waited for neighbours that are asked for the
  // first time.
  Result<NextHops> resolve(const Model& model, Patience patience) const;
  Result<Prepared> prepare(Model model, std::uint64_t generation, NextHops hops);
  Result<Candidate> write(Prepared prepared);
  // Rehearsals show the file's model; what goes live has the health of now laid over it.
  Result<void> lay_health_over(Candidate& candidate);
  Result<Answer> ask(const Candidate& candidate, std::span<const std::uint8_t> frame) const;

  // Afterwards release() lets go of what the model does not name any more.
  Result<void> run(Candidate& candidate);
  // `share` below 1 is a canary.
  Result<void> run_until(Candidate candidate, std::uint64_t deadline_ns, double share);
  Result<void> release() const { return around_.release(running_->model); }

  // Of the pending candidate; each is false when packets have already gone back.
  bool widen(std::uint64_t deadline_ns, double share);
  bool extend(std::uint64_t deadline_ns);
  bool confirm();
  bool cancel();
  // Packets went back, by cancel() or by the kernel: so does what is known here.
  // The error is of interfaces; next hops are due to be looked at again.
  Result<void> went_back();
  bool is_refresh_due() const { return refresh_due_; }
  bool is_pending() const { return pending_.has_value(); }
  // What the kernel's timer does, in case it has died.
  bool fall_back_when_due() { return publisher_.selector().fall_back_when_due(around_.now_ns()); }

  // Resolves again and, if anything changed, publishes the same generations anew.
  Result<bool> refresh_next_hops();
  // The same for what health takes away from now on; next hops stay as they are.
  Result<bool> set_health(health::Overlay overlay);

  // What was written into which slot, of all that packets use or may come back to.
  struct InSlot {
    const Running* running = nullptr;
    std::uint32_t slot = SF_NO_SLOT;
    const std::vector<sf_service>* services = nullptr;
  };
  std::vector<InSlot> in_slots() const;
  // The selector as it was left here; only the kernel's timer may have changed it since.
  const sf_selector& left_selector() const { return left_; }
  // Grows with everything that is written for packets, health and next hops included.
  std::uint64_t writings() const { return writings_; }
  // Nothing is pending here, but somebody else has set a deadline: packets would go
  // back, and the next change would meet it.
  bool has_foreign_deadline() const { return !pending_ && selector().is_pending(); }
  void take_foreign_deadline() { publisher_.selector().restore(left_); }
  // Writes what runs once more, and leads packets there, when somebody else has written.
  Result<void> write_anew();

  Kernel& kernel() const { return kernel_; }
  const Selector& selector() const { return publisher_.selector(); }
  const Surroundings& around() const { return around_; }
  const std::optional<Running>& running() const { return running_; }
  // What ran, confirmed, before what runs now.
  const std::optional<Running>& former() const { return former_; }
  // The pending one, also while a canary runs only a share of it.
  const Running* pending() const;
  // The highest number in the kernel's slots, 0 = none: it may outlive any journal.
  std::uint64_t last_generation_in_kernel() const;
  std::size_t unresolved_next_hops() const;
  // Another one whenever what running() says is another, but for health.
  std::uint64_t revision() const { return revision_; }
  Result<Snapshot> snapshot() const { return collect(kernel_, *running_, retired_); }

 private:
  struct Pending {
    Running other;      // canary: the candidate; otherwise what ran before
    Identities before;  // to go back to
    std::uint32_t slot = SF_NO_SLOT;
    bool canary = false;
  };

  Result<NextHops> resolve_once(const Model& model) const;
  bool awaits_new(const NextHops& hops) const;
  const NextHop* last_answer(const Address& address) const;
  Result<void> compile_into(Prepared& prepared);
  void keep_pending(NextHops& hops) const;
  void zero_new_owners(const Identities& next);
  Result<void> attach_early(const Model& model) const;
  Result<void> attach_as_before() const;
  bool has_tables() const { return publisher_.selector().current() < SF_SLOTS; }
  // Looks up next hops, of a model that runs.
  using Resolving = std::function<Result<NextHops>(const Running&)>;
  Result<bool> publish_anew(const Resolving& resolving);
  Result<bool> refresh(Running& running, const Identities& known, std::uint32_t slot,
                       const Resolving& resolving);
  // False when the slot was another's by then: it is done again soon.
  Result<bool> rewrite(const Tables& tables, std::uint32_t slot);
  std::size_t count_unresolved() const;
  // Whatever has just been done to the selector was done here.
  void note();
  Result<Tables> compile_with_health(const Running& running, Identities& identities);

  Kernel& kernel_;
  Publisher publisher_;
  Limits limits_;
  Surroundings around_;
  Identities identities_;
  RingCache rings_;
  std::optional<Running> running_;
  std::optional<Running> former_;
  std::optional<Pending> pending_;
  VerdictCounts retired_{};
  health::Overlay health_;
  bool refresh_due_ = false;
  sf_selector left_{};
  std::uint64_t writings_ = 0;
  mutable std::uint64_t unresolved_of_ = UINT64_MAX;  // writings when they were counted
  mutable std::size_t unresolved_ = 0;
  std::uint64_t revision_ = 0;
};

}  // namespace steadfast
