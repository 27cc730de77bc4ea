// SPDX-License-Identifier: Apache-2.0
// Kernel: the seam between the control plane and the program. Two engines stand
// behind it: BpfKernel (kernel/bpf_kernel.h, the real thing) and HostKernel
// (kernel/host_kernel.h, the same packet code in this process). Both give the
// same verdict and the same bytes for every packet; tests hold them to it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/frame.h"
#include "base/result.h"
#include "bpf/abi.h"
#include "kernel/memory.h"

namespace steadfast {

struct Answer {
  sf_decision decision{};
  Frame frame;  // what leaves; equal to what came in unless it was forwarded
};

struct ProgramStats {
  std::uint64_t runs = 0;  // counted while kernel.bpf_stats_enabled is 1
  std::uint64_t run_ns = 0;
  std::uint32_t verified_instructions = 0;
};

class Kernel {
 public:
  virtual ~Kernel() = default;

  virtual std::string_view engine() const = 0;  // "kernel" | "host"
  virtual Memory& memory() = 0;
  const Memory& memory() const { return const_cast<Kernel*>(this)->memory(); }

  // The program itself: counts, remembers flows.
  virtual Result<Answer> run(std::span<const std::uint8_t> frame) = 0;
  // The dry twin: same decision and bytes, neither counts nor remembers.
  // `slot` chooses a slot other than the current one.
  virtual Result<Answer> run_dry(std::span<const std::uint8_t> frame, std::uint32_t slot = SF_NO_SLOT) = 0;
  // Returns once no packet can still be using a slot left before this call.
  virtual Result<void> wait_for_packets() = 0;
  virtual Result<ProgramStats> stats() = 0;
};

}  // namespace steadfast
