// SPDX-License-Identifier: Apache-2.0
// BpfKernel: the real program, loaded with libbpf, its tables pinned in bpffs so
// that forwarding and the flow table outlive the daemon. Opening it adopts pinned
// tables of the same size; with other sizes it starts fresh tables and swaps the
// attached program for the new one without a gap.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "kernel/attached.h"
#include "kernel/kept_text.h"
#include "kernel/kernel.h"
#include "model/model.h"

namespace steadfast {

struct BpfOptions {
  std::string bpffs_dir;   // pins live here; empty: nothing is pinned (tests)
  sf_capacity capacity{};  // `cpus` is filled in by open()
};

class BpfKernel final : public Kernel {
 public:
  static Result<std::unique_ptr<BpfKernel>> open(const BpfOptions& options);
  ~BpfKernel() override;

  // The generation that an earlier daemon's tables hold as confirmed; 0 = none.
  static std::uint64_t confirmed_generation(const std::string& bpffs_dir);
  // The configuration that an earlier daemon's generation was made of.
  static std::optional<KeptText> kept_text(const std::string& bpffs_dir, std::uint64_t generation);
  Result<void> keep_text(const KeptText& kept) const;
  void forget_texts_but(std::uint64_t generation) const;
  // For a timer that stands still.
  Result<void> restart_timer();

  // True when the tables, and so generation and flows, come from an earlier daemon.
  bool adopted() const;

  // Attaches to every interface, replacing the program where an earlier daemon left one.
  Result<void> attach(const std::vector<std::string>& interfaces, XdpMode mode);
  // Lets go of every interface that is not named.
  Result<void> release_others(const std::vector<std::string>& interfaces);
  // What runs on these interfaces now, and what of ours is not pinned any more.
  Result<Attached> attached(const std::vector<std::string>& interfaces) const;
  // Puts right what attached() shows to be wrong.
  Result<void> attach_again(const std::vector<std::string>& interfaces, XdpMode mode);
  // Takes the program off every interface and removes every pin.
  Result<void> detach();

  int program_fd() const;  // of the live program, for tests that tail-call it
  int map_fd(const char* table) const;

  std::string_view engine() const override { return "kernel"; }
  Memory& memory() override;
  // The decision comes from the dry twin, asked just before: it is what the
  // program is about to decide, since nothing else runs in between.
  Result<Answer> run(std::span<const std::uint8_t> frame) override;
  Result<Answer> run_dry(std::span<const std::uint8_t> frame, std::uint32_t slot) override;
  Result<void> wait_for_packets() override;
  Result<ProgramStats> stats() override;

 private:
  struct State;
  explicit BpfKernel(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace steadfast
