// SPDX-License-Identifier: Apache-2.0
// Which rows the packet benchmark has, in the order they are measured.
#pragma once

#include <functional>
#include <vector>

#include "driver.h"
#include "row.h"

namespace steadfast::bench {

struct Extent {
  bool quick = false;  // the rows that have a target, and little else
  std::uint32_t most_flows = 10000000;
  bool listener = false;  // somebody listens to drops all the time
};

// Measures every row and hands it to `done` as soon as it is there.
void measure_packets(const Extent& extent, const Effort& effort, const std::function<void(const Row&)>& done);

}  // namespace steadfast::bench
