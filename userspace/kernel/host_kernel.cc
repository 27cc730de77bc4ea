// SPDX-License-Identifier: Apache-2.0
#include "kernel/host_kernel.h"

#include <cstring>
#include <new>

#include "bpf/tables.h"
#include "kernel/host_program.h"
#include "kernel/selector.h"

namespace steadfast {
namespace {

constexpr std::size_t kHeadroomBytes = 256;  // XDP_PACKET_HEADROOM
constexpr std::align_val_t kCacheLine{64};

}  // namespace

// Zeroed, cache-line aligned rows, as the kernel gives them.
struct HostKernel::Tables {
  sf_host_memory view{};
  std::vector<void*> rows;

  explicit Tables(const sf_capacity& capacity) {
    view.capacity = capacity;
    for (const TableSize& table : table_sizes(capacity)) {
      void* memory = ::operator new(table.bytes(), kCacheLine);
      std::memset(memory, 0, table.bytes());
      rows.push_back(memory);
    }
    std::size_t at = 0;
#define X(name, row, count) view.name = {rows[at++], static_cast<__u32>(count)};
    const sf_capacity& c = capacity;
    SF_TABLES(X)
#undef X
  }
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;
  ~Tables() {
    for (void* memory : rows) ::operator delete(memory, kCacheLine);
  }
};

HostKernel::HostKernel(const sf_capacity& capacity)
    : tables_(std::make_unique<Tables>(capacity)), memory_(memory_over(capacity, tables_->rows)) {
  Selector(*memory_.selector).clear();
}

HostKernel::~HostKernel() = default;

Answer HostKernel::classify(std::span<const std::uint8_t> frame, std::uint32_t slot, bool dry) {
  std::vector<std::uint8_t> buffer(kHeadroomBytes + frame.size());
  std::copy(frame.begin(), frame.end(), buffer.begin() + kHeadroomBytes);
  sf_host_frame view{buffer.data() + kHeadroomBytes, buffer.data() + buffer.size(), buffer.data()};
  Answer answer;
  sf_host_run(&tables_->view, &view, slot, dry ? 1 : 0, &answer.decision);
  answer.frame.assign(view.data, view.data_end);
  return answer;
}

Result<Answer> HostKernel::run(std::span<const std::uint8_t> frame) {
  return classify(frame, SF_NO_SLOT, false);
}

Result<Answer> HostKernel::run_dry(std::span<const std::uint8_t> frame, std::uint32_t slot) {
  return classify(frame, slot, true);
}

}  // namespace steadfast
