// SPDX-License-Identifier: Apache-2.0
// Memory: the tables as both engines show them: BpfKernel maps them from the
// kernel, HostKernel owns them. Everything above the engines (publishing,
// reading counters, flows) is written once, against these spans.
//
// Must not enter: libbpf types.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "bpf/abi.h"
#include "bpf/tables.h"

namespace steadfast {

struct Memory {
  sf_capacity capacity{};
  sf_selector* selector = nullptr;
  sf_dry* dry = nullptr;
  std::span<sf_slot> slots;              // SF_SLOTS
  std::span<sf_bucket> index;            // SF_SLOTS × index_buckets
  std::span<sf_service> services;        // SF_SLOTS × services
  std::span<sf_backend> backends;        // SF_SLOTS × backends
  std::span<sf_ring_line> rings;         // ring_lines
  std::span<sf_range> ranges;            // SF_SLOTS × ranges
  std::span<sf_bucket> flows;            // flow_buckets
  std::span<sf_bucket> fragments;        // fragment_buckets
  std::span<sf_bucket> rates;            // rate_buckets
  std::span<sf_budget> budget;           // 1
  std::span<sf_sampler> samplers;        // cpus × SF_VERDICT_ROOM
  std::span<sf_count> counts;            // cpus × SF_VERDICT_ROOM × services
  std::span<sf_count> backend_counts;    // cpus × backends
  std::span<sf_flow_count> flow_counts;  // cpus × backends
};

// One table as SF_TABLES declares it.
struct TableSize {
  const char* name;
  std::uint32_t row_bytes;
  std::uint32_t rows;
  std::uint64_t bytes() const { return std::uint64_t{row_bytes} * rows; }
};

// In the order of SF_TABLES.
std::vector<TableSize> table_sizes(const sf_capacity& capacity);
std::uint64_t memory_bytes(const sf_capacity& capacity);

// The slot that packets use, SF_NO_SLOT when nothing runs. In a canary some use another.
std::uint32_t live_slot(const Memory& memory);

// `tables` point to the first row of each table, in the order of SF_TABLES.
Memory memory_over(const sf_capacity& capacity, const std::vector<void*>& tables);

}  // namespace steadfast
