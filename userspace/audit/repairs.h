// SPDX-License-Identifier: Apache-2.0
// Repairs: how often something was put right, and when to stop. Whoever undoes a
// repair again and again is not fought: people must look.
//
// Must not enter: the clock; what is repaired.
#pragma once

#include <cstdint>
#include <deque>

namespace steadfast::audit {

inline constexpr std::size_t kRepairsAtMost = 3;
inline constexpr std::uint64_t kRepairsWithin_ns = 60'000'000'000;

class Repairs {
 public:
  // False once kRepairsAtMost of them did not hold within kRepairsWithin_ns; it stays
  // so until begin_anew().
  bool may_repair(std::uint64_t now_ns) {
    while (!lately_.empty() && now_ns - lately_.front() > kRepairsWithin_ns) lately_.pop_front();
    gave_up_ = gave_up_ || lately_.size() >= kRepairsAtMost;
    return !gave_up_;
  }
  void note(std::uint64_t now_ns) {
    lately_.push_back(now_ns);
    ++total_;
  }
  void begin_anew() {
    lately_.clear();
    gave_up_ = false;
  }
  bool gave_up() const { return gave_up_; }
  std::uint64_t total() const { return total_; }

 private:
  std::deque<std::uint64_t> lately_;
  bool gave_up_ = false;
  std::uint64_t total_ = 0;
};

}  // namespace steadfast::audit
