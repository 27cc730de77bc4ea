// SPDX-License-Identifier: Apache-2.0
// HostKernel: the packet code in this process, over plain memory. It needs no
// privileges, so check, test and trace work in the CI of an operator's
// configuration; sanitizers and fuzzers run the packet code through it.
#pragma once

#include <memory>

#include "kernel/kernel.h"

namespace steadfast {

class HostKernel final : public Kernel {
 public:
  explicit HostKernel(const sf_capacity& capacity);
  ~HostKernel() override;

  std::string_view engine() const override { return "host"; }
  Memory& memory() override { return memory_; }
  Result<Answer> run(std::span<const std::uint8_t> frame) override;
  Result<Answer> run_dry(std::span<const std::uint8_t> frame, std::uint32_t slot) override;
  Result<void> wait_for_packets() override { return {}; }  // packets run in the caller
  Result<ProgramStats> stats() override { return ProgramStats{}; }

 private:
  Answer classify(std::span<const std::uint8_t> frame, std::uint32_t slot, bool dry);

  struct Tables;
  std::unique_ptr<Tables> tables_;
  Memory memory_;
};

}  // namespace steadfast
