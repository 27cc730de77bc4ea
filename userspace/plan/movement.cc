// SPDX-License-Identifier: Apache-2.0
#include "plan/movement.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>
#include <vector>

namespace steadfast {
namespace {

constexpr std::size_t kRemoved = SIZE_MAX;
constexpr std::uint32_t kNobody = 0;  // no forwarding result

// Numbers backends, the same for one address and port on both sides.
class Numbers {
 public:
  explicit Numbers(std::uint16_t port) : port_(port) {}

  std::vector<std::uint32_t> of(const Pool& pool, const NextHops* hops) {
    std::vector<std::uint32_t> numbers;
    numbers.reserve(pool.backends.size());
    for (const Backend& backend : pool.backends)
      numbers.push_back(reaches(backend, hops) ? number(backend) : kNobody);
    return numbers;
  }

 private:
  // Whoever resolves has waited for those that are asked for the first time: one
  // that is still pending does not answer.
  static bool reaches(const Backend& backend, const NextHops* hops) {
    if (hops == nullptr) return true;
    const auto hop = hops->find(backend.address.value);
    return hop == hops->end() || hop->second.problem.empty();
  }

  std::uint32_t number(const Backend& backend) {
    const auto key = std::pair(backend.address.value, backend.port ? **backend.port : port_);
    return known_.try_emplace(key, static_cast<std::uint32_t>(known_.size() + 1)).first->second;
  }

  std::uint16_t port_;
  std::map<std::pair<Address, std::uint16_t>, std::uint32_t> known_;
};

bool same_member(const Backend& a, const Backend& b) {
  const auto port = [](const Backend& backend) { return backend.port ? **backend.port : std::uint16_t{0}; };
  return *a.address == *b.address && port(a) == port(b) && *a.weight == *b.weight &&
         (a.state == BackendState::active) == (b.state == BackendState::active);
}

bool same_ring(const Pool& a, const Pool& b) {
  return std::equal(a.backends.begin(), a.backends.end(), b.backends.begin(), b.backends.end(), same_member);
}

using Ring = std::vector<std::uint16_t>;
using Owners = std::vector<std::uint32_t>;

std::uint32_t owner(const Ring& ring, const Owners& numbers, std::size_t entry) {
  return ring.empty() ? kNobody : numbers[ring[entry & (ring.size() - 1)]];
}

// A hash picks an entry by its low bits, so walking the larger ring meets every
// pair of entries in the proportion in which flows do.
Movement compare_entries(const Ring& before, const Owners& were, const Ring& after, const Owners& are) {
  const std::size_t entries = std::max(before.size(), after.size());
  std::size_t moved = 0, dropped = 0, recovered = 0;
  for (std::size_t entry = 0; entry < entries; ++entry) {
    const std::uint32_t was = owner(before, were, entry);
    const std::uint32_t is = owner(after, are, entry);
    if (was == is) continue;
    ++(was == kNobody ? recovered : is == kNobody ? dropped : moved);
  }
  if (entries == 0) return {};
  const auto share = [&](std::size_t count) {
    return static_cast<double>(count) / static_cast<double>(entries);
  };
  return {share(moved), share(dropped), share(recovered)};
}

// One ring on both sides: nothing moves, but a next hop may have been lost.
Movement compare_owners(const Pool& pool, const Owners& were, const Owners& are) {
  if (were == are) return {};
  const auto entries = exact_entries(pool);
  const auto ring = std::accumulate(entries.begin(), entries.end(), std::uint64_t{0});
  if (ring == 0) return {};
  std::uint64_t dropped = 0, recovered = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (were[i] != kNobody && are[i] == kNobody) dropped += entries[i];
    if (were[i] == kNobody && are[i] != kNobody) recovered += entries[i];
  }
  return {0, static_cast<double>(dropped) / static_cast<double>(ring),
          static_cast<double>(recovered) / static_cast<double>(ring)};
}

using Shares = std::unordered_map<std::uint32_t, double>;

// Share of new flows by backend; kNobody takes what has no forwarding result.
Shares shares(const Pool& pool, const Owners& numbers) {
  const auto entries = exact_entries(pool);
  const auto ring = std::accumulate(entries.begin(), entries.end(), std::uint64_t{0});
  if (ring == 0) return {{kNobody, 1.0}};
  Shares shares{{kNobody, 0.0}};
  for (std::size_t i = 0; i < entries.size(); ++i)
    shares[numbers[i]] += static_cast<double>(entries[i]) / static_cast<double>(ring);
  return shares;
}

// Another seed or mode gives every flow an entry that has nothing to do with its old one.
Movement compare_independent(const Pool& before, const Owners& were, const Pool& after, const Owners& are) {
  const Shares old_shares = shares(before, were);
  const Shares new_shares = shares(after, are);
  const double forwarded = 1 - old_shares.at(kNobody);
  const double dropped = forwarded * new_shares.at(kNobody);
  double stay = 0;
  for (const auto& [backend, share] : old_shares) {
    const auto same = new_shares.find(backend);
    if (backend != kNobody && same != new_shares.end()) stay += share * same->second;
  }
  return {std::max(0.0, forwarded - dropped - stay), dropped, (1 - forwarded) * (1 - new_shares.at(kNobody))};
}

}  // namespace

Movements::Movements(const PlanSide& before, const PlanSide& after)
    : before_(before),
      after_(after),
      same_hash_(before.model->host.hash_seed == after.model->host.hash_seed) {}

Movement Movements::of(const Service& before, const Service* after) {
  if (before.state == ServiceState::parked) return {};
  const bool ends = after == nullptr || after->state == ServiceState::parked;
  const bool same_entries = same_hash_ && (ends || before.hash == after->hash);
  const Key key{before.pool, ends ? kRemoved : after->pool, *before.port, same_entries};
  const auto [known, is_new] = known_.try_emplace(key);
  if (is_new)
    known->second =
        between(before_.model->pool_of(before), ends ? Pool{} : after_.model->pool_of(*after), key);
  return known->second;
}

Movement Movements::between(const Pool& before, const Pool& after, const Key& key) {
  const auto [pool_before, pool_after, port, same_entries] = key;
  Numbers numbers(port);
  const Owners were = numbers.of(before, before_.next_hops);
  const Owners are = numbers.of(after, after_.next_hops);
  if (!same_entries) return compare_independent(before, were, after, are);
  if (same_ring(before, after)) return compare_owners(before, were, are);
  return compare_entries(rings_.ring_of(before), were, rings_.ring_of(after), are);
}

}  // namespace steadfast
