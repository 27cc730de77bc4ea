// SPDX-License-Identifier: Apache-2.0
// A configuration of full size: 1,000 services over pools that hold 10,000
// backends in all.
#pragma once

#include <cstddef>
#include <string>

namespace steadfast {

// Many small pools (1,000) or few large ones (10).
std::string large_config(std::size_t pools);

}  // namespace steadfast
