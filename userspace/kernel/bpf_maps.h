// SPDX-License-Identifier: Apache-2.0
// The kernel's tables mapped into this process, and file descriptors with an owner.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "base/result.h"
#include "kernel/memory.h"

namespace steadfast {

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

class MappedTables {
 public:
  MappedTables() = default;
  MappedTables(MappedTables&& other) noexcept
      : mappings_(std::exchange(other.mappings_, {})), memory_(std::exchange(other.memory_, {})) {}
  MappedTables& operator=(MappedTables&& other) noexcept {
    std::swap(mappings_, other.mappings_);
    std::swap(memory_, other.memory_);
    return *this;
  }
  ~MappedTables();

  // `fds` in the order of SF_TABLES.
  static Result<MappedTables> map(const sf_capacity& capacity, const std::vector<int>& fds);
  Memory& memory() { return memory_; }

 private:
  struct Mapping {
    void* at;
    std::size_t bytes;
  };
  std::vector<Mapping> mappings_;
  Memory memory_;
};

}  // namespace steadfast
