// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory.h"

#include "bpf/deadman.h"

namespace steadfast {

std::vector<TableSize> table_sizes(const sf_capacity& c) {
  return {
#define X(name, row, rows) {#name, sizeof(row), static_cast<std::uint32_t>(rows)},
      SF_TABLES(X)
#undef X
  };
}

std::uint64_t memory_bytes(const sf_capacity& capacity) {
  std::uint64_t bytes = 0;
  for (const TableSize& table : table_sizes(capacity)) bytes += table.bytes();
  return bytes;
}

std::uint32_t live_slot(const Memory& memory) { return sf_live_slot(sf_read_once(&memory.selector->live)); }

Memory memory_over(const sf_capacity& capacity, const std::vector<void*>& tables) {
  const auto sizes = table_sizes(capacity);
  std::size_t at = 0;
  const auto next = [&]<typename Row>(std::span<Row>& rows) {
    rows = {static_cast<Row*>(tables[at]), sizes[at].rows};
    ++at;
  };
  Memory memory;
  memory.capacity = capacity;
  std::span<sf_control> control;
  std::span<sf_scratch> scratch;  // the program's own
  std::span<sf_dry> dry;
  next(control);
  next(scratch);
  next(dry);
  next(memory.index);
  next(memory.services);
  next(memory.backends);
  next(memory.rings);
  next(memory.ranges);
  next(memory.flows);
  next(memory.fragments);
  next(memory.rates);
  next(memory.budget);
  next(memory.samplers);
  next(memory.counts);
  next(memory.backend_counts);
  next(memory.flow_counts);
  memory.selector = &control[0].selector;
  memory.slots = control[0].slots;
  memory.dry = &dry[0];
  return memory;
}

}  // namespace steadfast
