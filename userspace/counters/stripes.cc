// SPDX-License-Identifier: Apache-2.0
#include "counters/stripes.h"

#include <atomic>

namespace steadfast {
namespace {

// The kernel writes these words while they are read.
std::uint64_t load(const __u64& word) {
  return std::atomic_ref<__u64>(const_cast<__u64&>(word)).load(std::memory_order_relaxed);
}

std::size_t row_of(const Memory& memory, std::uint32_t cpu, std::uint32_t service, std::uint32_t verdict) {
  return (std::size_t{cpu} * SF_VERDICT_ROOM + verdict) * memory.capacity.services + service;
}

}  // namespace

void add_service_count(const Memory& memory, std::uint32_t cpu, std::uint32_t service, std::uint32_t verdict,
                       Count& sum) {
  const sf_count& count = memory.counts[row_of(memory, cpu, service, verdict)];
  sum.packets += load(count.packets);
  sum.bytes += load(count.bytes);
}

void add_backend_counts(const Memory& memory, std::uint32_t cpu, std::uint32_t backend, BackendCounts& sum) {
  const std::size_t row = std::size_t{cpu} * memory.capacity.backends + backend;
  const sf_flow_count& flows = memory.flow_counts[row];
  sum.packets += load(memory.backend_counts[row].packets);
  sum.bytes += load(memory.backend_counts[row].bytes);
  sum.new_flows += load(flows.new_flows);
  sum.established += load(flows.established);
  sum.syn_retransmissions += load(flows.syn_retransmissions);
  sum.retried += load(flows.retried);
  sum.midflow += load(flows.midflow);
  sum.untracked += load(flows.untracked);
}

VerdictCounts service_counts(const Memory& memory, std::uint32_t service) {
  VerdictCounts sum{};
  for (std::uint32_t cpu = 0; cpu < memory.capacity.cpus; ++cpu)
    for (std::uint32_t verdict = 0; verdict < SF_VERDICT_COUNT; ++verdict)
      add_service_count(memory, cpu, service, verdict, sum[verdict]);
  return sum;
}

BackendCounts backend_counts(const Memory& memory, std::uint32_t backend) {
  BackendCounts sum;
  for (std::uint32_t cpu = 0; cpu < memory.capacity.cpus; ++cpu)
    add_backend_counts(memory, cpu, backend, sum);
  return sum;
}

VerdictCounts& operator+=(VerdictCounts& sum, const VerdictCounts& counts) {
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i].packets += counts[i].packets;
    sum[i].bytes += counts[i].bytes;
  }
  return sum;
}

VerdictCounts zero_service(Memory& memory, std::uint32_t service) {
  const VerdictCounts counted = service_counts(memory, service);
  for (std::uint32_t cpu = 0; cpu < memory.capacity.cpus; ++cpu)
    for (std::uint32_t verdict = 0; verdict < SF_VERDICT_ROOM; ++verdict)
      memory.counts[row_of(memory, cpu, service, verdict)] = {};
  return counted;
}

void zero_backend(Memory& memory, std::uint32_t backend) {
  for (std::uint32_t cpu = 0; cpu < memory.capacity.cpus; ++cpu) {
    memory.backend_counts[std::size_t{cpu} * memory.capacity.backends + backend] = {};
    memory.flow_counts[std::size_t{cpu} * memory.capacity.backends + backend] = {};
  }
}

}  // namespace steadfast
