// SPDX-License-Identifier: Apache-2.0
// The service index of one generation: which bucket finds which service. Tries
// keys until no bucket overflows, so that a lookup in the kernel reads one cache
// line and never probes on.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "bpf/abi.h"

namespace steadfast {

struct ServiceIndex {
  std::uint64_t key = 0;
  std::vector<sf_bucket> buckets;
};

// Finds every service of one address and one port, and every single address by
// itself under the lowest id that has it. `services` by id, [0] unused, rows
// without a family are empty; `buckets` is a power of two.
ServiceIndex build_index(const std::vector<sf_service>& services, std::uint32_t buckets,
                         std::string_view seed);

}  // namespace steadfast
