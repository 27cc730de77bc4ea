// SPDX-License-Identifier: Apache-2.0
#include "kernel/bpf_maps.h"

#include <string>

namespace steadfast {

MappedTables::~MappedTables() {
  for (const Mapping& mapping : mappings_) munmap(mapping.at, mapping.bytes);
}

Result<MappedTables> MappedTables::map(const sf_capacity& capacity, const std::vector<int>& fds) {
  MappedTables tables;
  std::vector<void*> rows;
  const auto sizes = table_sizes(capacity);
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    void* at = mmap(nullptr, sizes[i].bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, fds[i], 0);
    if (at == MAP_FAILED) return Error::from_errno(std::string("mapping ") + sizes[i].name);
    tables.mappings_.push_back({at, sizes[i].bytes()});
    rows.push_back(at);
  }
  tables.memory_ = memory_over(capacity, rows);
  return tables;
}

}  // namespace steadfast
