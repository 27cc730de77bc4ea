// SPDX-License-Identifier: Apache-2.0
// Twins: the host engine and the kernel's program over tables of one content.
// Every frame goes through four programs, dry and real of both, and they must
// agree on everything they leave behind.
//
// The kernel's clock moves by itself. The host's is set to it before each frame; a
// frame during which the kernel's has moved is not compared (nobody can tell which
// of its runs saw which second): the host takes over what the kernel holds.
//
// Must not enter: what is published, which frames come.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "compile/tables.h"
#include "counters/stripes.h"
#include "datapath/differential_random.h"
#include "kernel/bpf_kernel.h"
#include "kernel/host_kernel.h"
#include "kernel/publish.h"

namespace steadfast::differential {

struct Tally {
  std::uint64_t packets = 0;
  std::uint64_t discarded = 0;  // ran on both, not compared: the second changed
  std::uint64_t tables = 0;
  std::array<std::uint64_t, SF_VERDICT_COUNT> verdicts{};
  std::array<std::uint64_t, SF_ROLE_FRAGMENT + 1> roles{};
};

class Twins {
 public:
  // This process stays on the CPU it is on: the kernel counts by CPU.
  static Result<std::unique_ptr<Twins>> open(const Limits& limits, Tally& tally);

  void publish(const Model& model, const NextHops& hops);
  // The next generation takes a share of the packets; end_canary() makes it live or drops it.
  void start_canary(const Model& model, const NextHops& hops, double share);
  void end_canary(bool confirmed);

  // Empty when all agree, otherwise where they do not.
  std::string run(const Frame& frame);
  // Counters, flows, fragments and rates, word for word; and the law of sums.
  std::string compare_tables();

  // As if so many seconds had passed.
  void age(std::uint32_t seconds);
  // Contradictions in the tables that are live, the same in both; undo_damage() takes them back.
  void damage(Random& random);
  void undo_damage();
  // Packets meet no generation until it is called with false.
  void withdraw(bool away);

 private:
  Twins(std::unique_ptr<BpfKernel> kernel, unsigned cpu, Tally& tally);
  Tables compile_next(const Model& model, const NextHops& hops);
  void take_over();
  std::string compare(const Frame& frame, const struct Runs& runs, const Count& before) const;
  Count kernel_count(const sf_decision& decision) const;
  std::array<Memory*, 2> both() { return {&kernel_->memory(), &host_.memory()}; }

  struct Backup;
  std::unique_ptr<BpfKernel> kernel_;
  HostKernel host_;
  Publisher kernel_publisher_, host_publisher_;
  Identities identities_;
  unsigned cpu_;
  Tally& tally_;
  std::uint64_t generation_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t withdrawn_ = 0;
  std::array<std::shared_ptr<Backup>, 2> backups_;
};

}  // namespace steadfast::differential
