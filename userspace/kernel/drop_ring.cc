// SPDX-License-Identifier: Apache-2.0
#include "kernel/drop_ring.h"

#include <bpf/libbpf.h>

#include <cstring>

namespace steadfast {

void DropRing::Free::operator()(ring_buffer* ring) const { ring_buffer__free(ring); }

Result<std::unique_ptr<DropRing>> DropRing::open(BpfKernel& kernel) {
  std::unique_ptr<DropRing> made(new DropRing(kernel.memory()));
  made->end();
  made->ring_.reset(ring_buffer__new(kernel.map_fd("sf_drops"), on_sample, made.get(), nullptr));
  if (!made->ring_) return Error::from_errno("mapping the ring of dropped packets");
  return made;
}

DropRing::~DropRing() { end(); }

void DropRing::renew() {
  __atomic_store_n(&memory_.selector->sample_until_s,
                   __atomic_load_n(&memory_.selector->clock_s, __ATOMIC_RELAXED) + kLeaseS, __ATOMIC_RELAXED);
}

void DropRing::end() { __atomic_store_n(&memory_.selector->sample_until_s, 0, __ATOMIC_RELAXED); }

// A signal ends the waiting early, and is no failure.
Result<void> DropRing::wait(int patience_ms, const std::function<void(const sf_sample&)>& take) {
  take_ = &take;
  const int polled = ring_buffer__poll(ring_.get(), patience_ms);
  take_ = nullptr;
  if (polled < 0 && polled != -EINTR) return Error::from_errno("waiting for dropped packets", -polled);
  return {};
}

// Copied out: the ring may reuse the place at once, and nothing promises its alignment.
int DropRing::on_sample(void* self, void* data, std::size_t bytes) {
  sf_sample sample{};
  if (bytes < sizeof sample) return 0;
  std::memcpy(&sample, data, sizeof sample);
  (*static_cast<DropRing*>(self)->take_)(sample);
  return 0;
}

MissedDrops DropRing::missed() const {
  MissedDrops missed;
  for (const sf_sampler& sampler : memory_.samplers) {
    missed.beyond += __atomic_load_n(&sampler.beyond, __ATOMIC_RELAXED);
    missed.lost += __atomic_load_n(&sampler.lost, __ATOMIC_RELAXED);
  }
  return missed;
}

}  // namespace steadfast
