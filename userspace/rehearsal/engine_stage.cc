// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/engine_stage.h"

#include <algorithm>
#include <bit>

#include "base/bug.h"
#include "kernel/bpf_kernel.h"
#include "kernel/host_kernel.h"
#include "rehearsal/pretended.h"

namespace steadfast::rehearsal {
namespace {

// Room for what is there, not for what the limits allow: every set() writes all
// of it. The index alone is as large as the limits say, since the compiler sizes
// it so. Nothing is remembered, so one bucket of flows is enough.
sf_capacity room_for(const Model& model) {
  std::size_t backends = 0;
  for (const Service& service : model.services) backends += model.pool_of(service).backends.size();
  constexpr std::uint32_t kSpare = 64;  // what mutants and `given` add without another engine
  Limits limits = model.limits;
  limits.backends.value = std::bit_ceil(static_cast<std::uint32_t>(backends) + kSpare);
  sf_capacity capacity = capacity_for(limits, 1);
  capacity.flow_buckets = 1;
  return capacity;
}

bool holds(const sf_capacity& room, const sf_capacity& wanted) {
  return room.services >= wanted.services && room.backends >= wanted.backends &&
         room.index_buckets >= wanted.index_buckets;
}

}  // namespace

Result<std::unique_ptr<Kernel>> open_host_engine(const sf_capacity& capacity) {
  return std::unique_ptr<Kernel>(std::make_unique<HostKernel>(capacity));
}

Result<std::unique_ptr<Kernel>> open_kernel_engine(const sf_capacity& capacity) {
  auto opened = BpfKernel::open({"", capacity});
  if (!opened) return opened.error();
  return std::unique_ptr<Kernel>(std::move(*opened));
}

Result<void> EngineStage::make_room(const Model& model) {
  const sf_capacity wanted = room_for(model);
  if (kernel_ && holds(capacity_, wanted)) return {};
  publisher_.reset();
  kernel_.reset();
  auto opened = open_(wanted);
  if (!opened) return opened.error().while_doing("opening an engine to rehearse on");
  kernel_ = std::move(*opened);
  capacity_ = wanted;
  publisher_ = std::make_unique<Publisher>(*kernel_);
  return {};
}

// Ids start afresh with every model: no flow is remembered that could name one.
Result<Scene> EngineStage::set(const Model& model) {
  if (auto room = make_room(model); !room) return room.error();
  next_hops_ = pretended_next_hops(model);
  Identities identities(model.limits);
  auto tables = compile(model, 1, identities, next_hops_, rings_);
  if (!tables) return tables.error().while_doing("compiling " + model.file);
  tables_ = std::move(*tables);
  const auto slot = publisher_->write(tables_);
  if (!slot) return slot.error().while_doing("writing the tables of " + model.file);
  slot_ = *slot;
  return Scene{&model, &tables_, &next_hops_};
}

Result<Answer> EngineStage::run(std::span<const std::uint8_t> frame) {
  invariant(slot_ != SF_NO_SLOT, "a stage is set before a frame is run on it");
  return kernel_->run_dry(frame, slot_);
}

}  // namespace steadfast::rehearsal
