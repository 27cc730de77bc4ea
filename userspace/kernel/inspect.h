// SPDX-License-Identifier: Apache-2.0
// Inspect: what the kernel says about programs and pins that may not be ours, and
// what it offers. Changes nothing.
//
// Must not enter: what is wrong with any of it (doctor/, audit/).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "host/facts.h"

namespace steadfast {

// Empty when the program has gone meanwhile.
Result<std::string> program_name(std::uint32_t id);

// Where a daemon with this --bpffs keeps its pins.
std::string pins_below(const std::string& bpffs_dir);
// What is pinned in the directory of a daemon with this --bpffs; a directory that
// is not there holds nothing.
Result<host::Bpffs> read_bpffs(const std::string& bpffs_dir);

struct Offered {
  bool jit = false;    // programs become machine code
  bool timer = false;  // bpf_timer
};
Result<Offered> offered_by_kernel();

}  // namespace steadfast
