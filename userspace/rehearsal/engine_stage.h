// SPDX-License-Identifier: Apache-2.0
// EngineStage: a stage over an engine of its own, with pretended next hops.
// Tables are written into a slot and never made live: frames are asked about
// with the dry twin.
//
// Must not enter: the engine that carries users' packets.
#pragma once

#include <functional>
#include <memory>

#include "compile/ring.h"
#include "kernel/publish.h"
#include "rehearsal/stage.h"

namespace steadfast::rehearsal {

using OpenEngine = std::function<Result<std::unique_ptr<Kernel>>(const sf_capacity&)>;

// The packet code in this process; needs no privileges.
Result<std::unique_ptr<Kernel>> open_host_engine(const sf_capacity& capacity);
// The real program, neither attached nor pinned.
Result<std::unique_ptr<Kernel>> open_kernel_engine(const sf_capacity& capacity);

class EngineStage final : public Stage {
 public:
  explicit EngineStage(OpenEngine open) : open_(std::move(open)) {}

  Result<Scene> set(const Model& model) override;
  Result<Answer> run(std::span<const std::uint8_t> frame) override;

 private:
  Result<void> make_room(const Model& model);

  OpenEngine open_;
  sf_capacity capacity_{};
  std::unique_ptr<Kernel> kernel_;
  std::unique_ptr<Publisher> publisher_;
  RingCache rings_;
  NextHops next_hops_;
  Tables tables_;
  std::uint32_t slot_ = SF_NO_SLOT;
};

}  // namespace steadfast::rehearsal
