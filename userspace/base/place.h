// SPDX-License-Identifier: Apache-2.0
// Where something stands in the operator's file, and a value that remembers it.
// Every object of the model carries places, so that a drop seen in traffic can
// be answered with a file and a line.
#pragma once

#include <compare>
#include <cstdint>
#include <utility>

namespace steadfast {

// 1-based; line 0 means "not in the file" (a default, or the file as a whole).
// The file's name is kept once, with the Config or the Finding.
struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  auto operator<=>(const Place&) const = default;
  explicit operator bool() const { return line != 0; }
};

template <typename T>
struct Located {
  T value{};
  Place place{};

  Located() = default;
  Located(T v, Place p = {}) : value(std::move(v)), place(p) {}
  const T& operator*() const { return value; }
  const T* operator->() const { return &value; }
};

}  // namespace steadfast
