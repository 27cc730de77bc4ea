// SPDX-License-Identifier: Apache-2.0
// How many series of metrics a service and a backend make (report/metric_list.h
// declares them; a test compares).
#pragma once

#include <cstddef>

#include "bpf/abi.h"

namespace steadfast {

inline constexpr std::size_t kSeriesPerService = 2 * SF_VERDICT_COUNT;  // packets and bytes of each verdict
inline constexpr std::size_t kSeriesPerBackend = 15;                    // three of them are its state
inline constexpr std::size_t kSeriesLimit = 100'000;

}  // namespace steadfast
