// SPDX-License-Identifier: Apache-2.0
// Attached: which program runs on which interface, as the kernel tells it, and
// what of ours is no longer pinned. Plain values, so that comparing them with
// what was declared needs no kernel.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace steadfast {

struct AttachedInterface {
  std::string name;
  bool exists = false;
  std::uint32_t program = 0;  // id; 0 = none
  std::string mode;           // "native" | "generic" | "offloaded"; empty without a program
};

struct Attached {
  std::uint32_t program = 0;  // id of ours
  std::vector<AttachedInterface> interfaces;
  std::vector<std::string> missing_pins;  // file names
};

}  // namespace steadfast
