// SPDX-License-Identifier: Apache-2.0
// The ring: weighted Maglev over a power of two of entries (Eisenbud et al.,
// "Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016, §3.4),
// with exact quotas instead of turns: every member owns the number of entries
// its weight asks for, within one.
//
// Members that take no new flows are patched out of the ring of the whole pool:
// their entries, and no others, go to the remaining members in proportion. So a
// drain moves only the drained backend's share, and undoing it restores the very
// same ring.
//
// Pure and deterministic: the same members in any order give the same owners on
// every machine.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <vector>

#include "base/address.h"

namespace steadfast {

struct RingMember {
  Address address;  // identity: renaming a backend moves no flow
  std::uint16_t port = 0;
  std::uint32_t weight = 0;
  bool takes_new_flows = true;
  auto operator<=>(const RingMember&) const = default;
};

inline constexpr std::uint16_t kNoMember = 0xffff;

// Smallest power of two with at least SF_RING_MIN_PER_BACKEND entries per member
// of positive weight.
std::uint32_t ring_entries(std::size_t members);

// Owner of each entry, as an index into `members`; empty when no member takes
// new flows.
std::vector<std::uint16_t> build_ring(const std::vector<RingMember>& members);

// Entries each member owns; same order as `members`.
std::vector<std::uint32_t> count_entries(const std::vector<std::uint16_t>& ring, std::size_t members);

// count_entries(build_ring(members), …) without building the ring: the quotas
// alone decide it. All zero when no member takes new flows.
std::vector<std::uint32_t> exact_entries(const std::vector<RingMember>& members);

struct Pool;
// The ring of a pool: entries are indices into pool.backends. Drained and
// disabled backends are members that take no new flows.
std::vector<std::uint16_t> ring_of(const Pool& pool);
std::vector<std::uint32_t> exact_entries(const Pool& pool);

// Rings of pools that did not change since they were last asked for. One change
// of one pool out of a thousand then builds one ring.
class RingCache {
 public:
  const std::vector<std::uint16_t>& ring_of(const Pool& pool);
  // Forgets rings that were not asked for since the last call.
  void forget_unused();

 private:
  struct Entry {
    std::vector<std::uint16_t> ring;
    bool used = false;
  };
  std::map<std::vector<RingMember>, Entry> rings_;
};

}  // namespace steadfast
