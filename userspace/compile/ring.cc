// SPDX-License-Identifier: Apache-2.0
#include "compile/ring.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <queue>
#include <tuple>
#include <utility>

#include "base/bug.h"
#include "bpf/abi.h"
#include "compile/hash.h"
#include "model/model.h"

namespace steadfast {
namespace {

// Where a member prefers to stand: offset, offset + skip, … An odd skip visits
// every entry of a power of two exactly once.
struct Preference {
  std::uint32_t at;
  std::uint32_t skip;
};

// Fixed keys: the ring must be the same on every machine, and whoever chooses
// backends' addresses is the operator.
constexpr std::uint64_t kOffsetKey[2] = {0x9e3779b97f4a7c15, 0xd1b54a32d192ed03};
constexpr std::uint64_t kSkipKey[2] = {0x8cb92ba72f3d8dd7, 0xaaaaaaaaaaaaaaab};

std::uint32_t hash_identity(const RingMember& member, const std::uint64_t (&key)[2]) {
  const std::uint64_t tail =
      std::uint64_t{static_cast<std::uint8_t>(member.address.family)} << 16 | member.port;
  return static_cast<std::uint32_t>(address_hash(key, member.address, tail));
}

Preference preference_of(const RingMember& member, std::uint32_t mask) {
  return {hash_identity(member, kOffsetKey) & mask, (hash_identity(member, kSkipKey) & mask) | 1};
}

// Members in the order of their identity, so that the order of the file is
// without effect.
std::vector<std::uint16_t> by_identity(const std::vector<RingMember>& members) {
  std::vector<std::uint16_t> order(members.size());
  std::iota(order.begin(), order.end(), std::uint16_t{0});
  std::sort(order.begin(), order.end(), [&](std::uint16_t a, std::uint16_t b) {
    return std::tie(members[a].address, members[a].port) < std::tie(members[b].address, members[b].port);
  });
  return order;
}

// Largest remainders: each member's entries out of `entries`, within one of exact.
std::vector<std::uint32_t> quotas(const std::vector<RingMember>& members,
                                  const std::vector<std::uint16_t>& order, std::uint32_t entries) {
  std::uint64_t weight = 0;
  for (const std::uint16_t i : order) weight += members[i].weight;
  std::vector<std::uint32_t> quota(members.size());
  if (weight == 0) return quota;
  std::vector<std::uint16_t> by_remainder = order;
  std::uint32_t given = 0;
  for (const std::uint16_t i : order) {
    quota[i] = static_cast<std::uint32_t>(std::uint64_t{entries} * members[i].weight / weight);
    given += quota[i];
  }
  std::stable_sort(by_remainder.begin(), by_remainder.end(), [&](std::uint16_t a, std::uint16_t b) {
    return std::uint64_t{entries} * members[a].weight % weight >
           std::uint64_t{entries} * members[b].weight % weight;
  });
  for (std::size_t i = 0; given < entries; ++i, ++given) ++quota[by_remainder[i]];
  return quota;
}

// Who takes an entry next, so that every member fills up at its own pace: stride
// scheduling. Plain rounds when all quotas are alike, which is nearly always.
std::vector<std::uint16_t> turns(const std::vector<std::uint16_t>& order,
                                 const std::vector<std::uint32_t>& quota) {
  std::vector<std::uint16_t> sequence;
  const auto most = *std::max_element(quota.begin(), quota.end());
  sequence.reserve(std::size_t{most} * order.size());
  const bool alike = std::all_of(order.begin(), order.end(), [&](auto i) { return quota[i] + 1 >= most; });
  if (alike) {
    for (std::uint32_t round = 0; round < most; ++round)
      for (const std::uint16_t i : order)
        if (round < quota[i]) sequence.push_back(i);
    return sequence;
  }
  using Turn = std::pair<double, std::uint32_t>;  // when, place in `order`
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> queue;
  std::vector<std::uint32_t> taken(quota.size());
  for (std::uint32_t place = 0; place < order.size(); ++place)
    if (quota[order[place]] != 0) queue.emplace(1.0 / quota[order[place]], place);
  while (!queue.empty()) {
    const auto [when, place] = queue.top();
    queue.pop();
    const std::uint16_t member = order[place];
    sequence.push_back(member);
    if (++taken[member] < quota[member]) queue.emplace((taken[member] + 1.0) / quota[member], place);
  }
  return sequence;
}

// Gives every free entry (kNoMember) of `ring` to the members in `order`.
void fill(std::vector<std::uint16_t>& ring, const std::vector<RingMember>& members,
          const std::vector<std::uint16_t>& order) {
  const auto mask = static_cast<std::uint32_t>(ring.size() - 1);
  const auto free = static_cast<std::uint32_t>(std::count(ring.begin(), ring.end(), kNoMember));
  std::vector<Preference> preference(members.size());
  for (const std::uint16_t i : order) preference[i] = preference_of(members[i], mask);
  for (const std::uint16_t i : turns(order, quotas(members, order, free))) {
    Preference& p = preference[i];
    while (ring[p.at] != kNoMember) p.at = (p.at + p.skip) & mask;
    ring[p.at] = i;
  }
}

std::vector<std::uint16_t> only(const std::vector<std::uint16_t>& order,
                                const std::vector<RingMember>& members, bool takers) {
  std::vector<std::uint16_t> chosen;
  std::copy_if(order.begin(), order.end(), std::back_inserter(chosen), [&](std::uint16_t i) {
    return members[i].weight > 0 && (!takers || members[i].takes_new_flows);
  });
  return chosen;
}

}  // namespace

std::uint32_t ring_entries(std::size_t members) {
  return std::bit_ceil(static_cast<std::uint32_t>(members) * SF_RING_MIN_PER_BACKEND);
}

std::vector<std::uint16_t> build_ring(const std::vector<RingMember>& members) {
  invariant(members.size() < kNoMember, "a pool has fewer members than a ring entry can name");
  const auto order = by_identity(members);
  const auto everyone = only(order, members, false);
  const auto takers = only(order, members, true);
  if (takers.empty()) return {};
  std::vector<std::uint16_t> ring(ring_entries(everyone.size()), kNoMember);
  fill(ring, members, everyone);
  if (takers.size() == everyone.size()) return ring;
  for (std::uint16_t& owner : ring)
    if (!members[owner].takes_new_flows) owner = kNoMember;
  fill(ring, members, takers);
  return ring;
}

std::vector<std::uint32_t> count_entries(const std::vector<std::uint16_t>& ring, std::size_t members) {
  std::vector<std::uint32_t> count(members);
  for (const std::uint16_t owner : ring) ++count[owner];
  return count;
}

std::vector<std::uint32_t> exact_entries(const std::vector<RingMember>& members) {
  const auto order = by_identity(members);
  const auto everyone = only(order, members, false);
  const auto takers = only(order, members, true);
  if (takers.empty()) return std::vector<std::uint32_t>(members.size());
  auto entries = quotas(members, everyone, ring_entries(everyone.size()));
  std::uint32_t freed = 0;
  for (const std::uint16_t i : everyone)
    if (!members[i].takes_new_flows) freed += std::exchange(entries[i], 0);
  if (freed == 0) return entries;
  const auto more = quotas(members, takers, freed);
  for (const std::uint16_t i : takers) entries[i] += more[i];
  return entries;
}

namespace {

std::vector<RingMember> members_of(const Pool& pool) {
  std::vector<RingMember> members;
  members.reserve(pool.backends.size());
  for (const Backend& backend : pool.backends)
    members.push_back({backend.address.value, backend.port ? backend.port->value : std::uint16_t{0},
                       backend.weight.value, backend.state == BackendState::active});
  return members;
}

}  // namespace

std::vector<std::uint16_t> ring_of(const Pool& pool) { return build_ring(members_of(pool)); }

std::vector<std::uint32_t> exact_entries(const Pool& pool) { return exact_entries(members_of(pool)); }

const std::vector<std::uint16_t>& RingCache::ring_of(const Pool& pool) {
  const auto [it, fresh] = rings_.try_emplace(members_of(pool));
  if (fresh) it->second.ring = build_ring(it->first);
  it->second.used = true;
  return it->second.ring;
}

void RingCache::forget_unused() {
  for (auto it = rings_.begin(); it != rings_.end();)
    it = std::exchange(it->second.used, false) ? std::next(it) : rings_.erase(it);
}

}  // namespace steadfast
