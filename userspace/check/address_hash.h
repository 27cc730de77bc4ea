// SPDX-License-Identifier: Apache-2.0
// A hash for addresses as keys of unordered maps.
#pragma once

#include <cstring>
#include <functional>

#include "base/address.h"

namespace steadfast {

struct AddressHash {
  std::size_t operator()(const Address& address) const {
    std::uint64_t halves[2];
    static_assert(sizeof halves == sizeof address.bytes);
    std::memcpy(halves, address.bytes.data(), sizeof halves);
    const auto mixed = (halves[0] * 0x9e3779b97f4a7c15u) ^ (halves[1] * 0xc2b2ae3d27d4eb4fu);
    return static_cast<std::size_t>(mixed ^ (mixed >> 29)) + static_cast<std::size_t>(address.family);
  }
};

}  // namespace steadfast
