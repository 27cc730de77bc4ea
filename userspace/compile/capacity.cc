// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>

#include "compile/tables.h"

namespace steadfast {
namespace {

// Eight-way buckets start to turn newcomers away well before every way is used:
// at 4 ways in 5 about one flow in twenty meets a full bucket, at 5 in 5 half of
// them do. So `flows` are about four fifths of the ways; a little more of them, so
// that ten million flows and the pages around them stay within 100 MB.
constexpr std::uint64_t kWaysPerFlowNumerator = 31;
constexpr std::uint64_t kWaysPerFlowDenominator = 25;

// A ring has at most twice SF_RING_MIN_PER_BACKEND entries per backend (the next
// power of two), and each slot may hold a different ring for every service.
constexpr std::uint32_t kRingLinesPerBackend = SF_SLOTS * 2 * SF_RING_MIN_PER_BACKEND / SF_RING_LINE_ENTRIES;

// Trains of fragments and sources of new flows are few beside flows: so many for a
// small edge, and no more than these for a large one.
constexpr std::uint32_t kFewestBuckets = 16;
constexpr std::uint32_t kFragmentBucketsMost = 1024;
constexpr std::uint32_t kRateBucketsMost = 2048;

}  // namespace

sf_capacity capacity_for(const Limits& limits, std::uint32_t cpus) {
  const std::uint64_t ways = limits.flows.value * kWaysPerFlowNumerator / kWaysPerFlowDenominator;
  sf_capacity capacity{};
  capacity.cpus = cpus;
  capacity.services = limits.services.value + 1;
  capacity.backends = limits.backends.value + 1;
  capacity.index_buckets = 2 * std::bit_ceil(limits.services.value);
  capacity.ring_lines = limits.backends.value * kRingLinesPerBackend;
  capacity.flow_buckets = static_cast<std::uint32_t>((ways + SF_WAYS - 1) / SF_WAYS);
  capacity.ranges = limits.ranges.value;
  capacity.fragment_buckets = std::clamp(capacity.flow_buckets / 8, kFewestBuckets, kFragmentBucketsMost);
  capacity.rate_buckets = std::clamp(capacity.flow_buckets / 4, kFewestBuckets, kRateBucketsMost);
  return capacity;
}

}  // namespace steadfast
