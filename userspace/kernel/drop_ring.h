// SPDX-License-Identifier: Apache-2.0
// DropRing: the ring into which the program of this daemon samples dropped packets.
// The word that turns sampling on is a lease in the selector's line, so a daemon
// that dies with a listener leaves a program that is quiet again in seconds.
#pragma once

#include <memory>

#include "kernel/bpf_kernel.h"
#include "kernel/drop_source.h"

struct ring_buffer;

namespace steadfast {

class DropRing final : public DropSource {
 public:
  static constexpr std::uint32_t kLeaseS = 3;

  // Ends what an earlier daemon's listeners have left. `kernel` outlives the ring.
  static Result<std::unique_ptr<DropRing>> open(BpfKernel& kernel);
  ~DropRing() override;

  void renew() override;
  void end() override;
  Result<void> wait(int patience_ms, const std::function<void(const sf_sample&)>& take) override;
  MissedDrops missed() const override;

 private:
  explicit DropRing(Memory& memory) : memory_(memory) {}
  static int on_sample(void* self, void* data, std::size_t bytes);

  struct Free {
    void operator()(ring_buffer* ring) const;
  };
  Memory& memory_;
  std::unique_ptr<ring_buffer, Free> ring_;
  const std::function<void(const sf_sample&)>* take_ = nullptr;  // during wait()
};

}  // namespace steadfast
