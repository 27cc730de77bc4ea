// SPDX-License-Identifier: Apache-2.0
#include "compile/intervals.h"

#include <algorithm>
#include <iterator>
#include <queue>
#include <span>

#include "base/bug.h"

namespace steadfast {
namespace {

std::uint64_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t word = 0;
  for (const std::uint8_t byte : bytes) word = word << 8 | byte;
  return word;
}

RangeKey key_of(const Address& address) {
  const std::span<const std::uint8_t, 16> bytes(address.bytes);
  if (address.is_v4()) return {0, big_endian(bytes.first<4>())};
  return {big_endian(bytes.first<8>()), big_endian(bytes.last<8>())};
}

// 2^bits - 1, for 0…64 bits.
std::uint64_t ones(unsigned bits) { return bits == 0 ? 0 : ~std::uint64_t{0} >> (64 - bits); }

// The caller knows that a key follows.
RangeKey after(RangeKey key) {
  if (++key.low == 0) ++key.high;
  return key;
}

struct Weaker {
  bool operator()(const Interval* a, const Interval* b) const {
    return a->rank != b->rank ? a->rank < b->rank : a->value > b->value;
  }
};
using Covering = std::priority_queue<const Interval*, std::vector<const Interval*>, Weaker>;

// Every key at which the answer may change.
std::vector<RangeKey> boundaries(const std::vector<Interval>& intervals, RangeKey last) {
  std::vector<RangeKey> keys{{}};
  for (const Interval& interval : intervals) {
    keys.push_back(interval.first);
    if (interval.last < last) keys.push_back(after(interval.last));
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace

RangeKey first_key(const Prefix& prefix) { return key_of(prefix.network().address); }

RangeKey last_key(const Prefix& prefix) {
  RangeKey key = first_key(prefix);
  const unsigned host = prefix.host_bits();
  key.low |= ones(std::min(host, 64u));
  key.high |= ones(host > 64 ? host - 64 : 0);
  return key;
}

Address address_of(RangeKey key, Family family) {
  Address address;
  address.family = family;
  const auto put = [&](std::uint64_t word, unsigned bytes, unsigned at) {
    for (unsigned i = 0; i < bytes; ++i)
      address.bytes[at + i] = static_cast<std::uint8_t>(word >> 8 * (bytes - 1 - i));
  };
  if (family == Family::v4) {
    put(key.low, 4, 0);
  } else {
    put(key.high, 8, 0);
    put(key.low, 8, 8);
  }
  return address;
}

// A sweep: what has ended leaves the queue only when it would win, so each
// interval enters and leaves it once.
std::vector<Step> flatten(std::vector<Interval> intervals, std::uint32_t background, RangeKey last) {
  std::sort(intervals.begin(), intervals.end(),
            [](const Interval& a, const Interval& b) { return a.first < b.first; });
  std::vector<Step> steps;
  Covering covering;
  auto next = intervals.begin();
  for (const RangeKey key : boundaries(intervals, last)) {
    for (; next != intervals.end() && next->first == key; ++next) covering.push(&*next);
    while (!covering.empty() && covering.top()->last < key) covering.pop();
    const std::uint32_t value = covering.empty() ? background : covering.top()->value;
    if (steps.empty() || steps.back().value != value) steps.push_back({key, value});
  }
  return steps;
}

std::uint32_t value_at(const std::vector<Step>& steps, RangeKey key) {
  const auto above = std::upper_bound(steps.begin(), steps.end(), key,
                                      [](RangeKey sought, const Step& step) { return sought < step.first; });
  invariant(above != steps.begin(), "steps cover every key from zero");
  return std::prev(above)->value;
}

}  // namespace steadfast
