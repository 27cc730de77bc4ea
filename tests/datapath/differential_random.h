// SPDX-License-Identifier: Apache-2.0
// Random: one stream of numbers from one seed, and the few ways of asking it.
//
// Must not enter: the clock, the machine's own randomness.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>
#include <vector>

namespace steadfast::differential {

class Random {
 public:
  explicit Random(std::uint64_t seed) : bits_(seed) {}

  std::uint64_t word() { return bits_(); }
  std::uint32_t below(std::size_t end) { return static_cast<std::uint32_t>(bits_() % end); }
  std::uint32_t between(std::uint32_t first, std::uint32_t last) { return first + below(last - first + 1); }
  // Once in `n`.
  bool once_in(std::uint32_t n) { return below(n) == 0; }

  template <typename Value>
  Value one_of(std::initializer_list<Value> values) {
    return values.begin()[below(values.size())];
  }
  template <typename Value>
  const Value& one_of(const std::vector<Value>& values) {
    return values[below(values.size())];
  }

 private:
  std::mt19937_64 bits_;
};

}  // namespace steadfast::differential
