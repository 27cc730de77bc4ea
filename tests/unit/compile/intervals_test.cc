// SPDX-License-Identifier: Apache-2.0
#include "compile/intervals.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace steadfast {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

Interval interval(const char* prefix, std::uint32_t value) {
  const Prefix network = *Prefix::parse(prefix);
  return {first_key(network), last_key(network), network.length, value};
}

TEST(Intervals, NothingIsBackgroundEverywhere) {
  EXPECT_EQ(flatten({}, 7, kLastKey), (std::vector<Step>{{{0, 0}, 7}}));
}

TEST(Intervals, TheLongerPrefixWinsAndTheShorterGoesOnBehindIt) {
  const auto steps = flatten({interval("10.0.0.0/8", 1), interval("10.1.0.0/16", 2)}, 0, kLastKey);
  EXPECT_EQ(steps, (std::vector<Step>{{{0, 0}, 0},
                                      {{0, 0x0a000000}, 1},
                                      {{0, 0x0a010000}, 2},
                                      {{0, 0x0a020000}, 1},
                                      {{0, 0x0b000000}, 0}}));
}

TEST(Intervals, NeighboursOfOneValueAreOne) {
  EXPECT_EQ(flatten({interval("10.0.0.0/9", 1), interval("10.128.0.0/9", 1)}, 0, kLastKey),
            flatten({interval("10.0.0.0/8", 1)}, 0, kLastKey));
}

TEST(Intervals, NothingLiesBehindTheLastAddressOfIPv4) {
  EXPECT_EQ(flatten({interval("0.0.0.0/1", 3), interval("128.0.0.0/1", 3)}, 0, last_key(Family::v4)),
            (std::vector<Step>{{{0, 0}, 3}}));
}

TEST(Intervals, TheWholeOfIPv6HasNoEnd) {
  EXPECT_EQ(flatten({interval("::/0", 3)}, 0, kLastKey), (std::vector<Step>{{{0, 0}, 3}}));
}

TEST(Intervals, TheLastAddressOfIPv6EndsNothing) {
  const auto steps = flatten({interval("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 3)}, 0, kLastKey);
  EXPECT_EQ(steps, (std::vector<Step>{{{0, 0}, 0}, {{kMost, kMost}, 3}}));
}

TEST(Intervals, APrefixOfHalfAnIPv6AddressCarriesIntoTheUpperWord) {
  const auto steps = flatten({interval("2001:db8::/64", 1)}, 0, kLastKey);
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_EQ(steps[1].first, (RangeKey{0x20010db800000000, 0}));
  EXPECT_EQ(steps[2].first, (RangeKey{0x20010db800000001, 0}));
}

TEST(Intervals, OrderNeverMatters) {
  const std::vector<Interval> one{interval("10.0.0.0/8", 4), interval("10.0.0.0/8", 2)};
  EXPECT_EQ(flatten(one, 0, kLastKey), flatten({one[1], one[0]}, 0, kLastKey));
}

std::uint32_t by_hand(const std::vector<Interval>& intervals, RangeKey key, std::uint32_t background) {
  const Interval* best = nullptr;
  for (const Interval& i : intervals) {
    if (key < i.first || i.last < key) continue;
    const bool better =
        best == nullptr || i.rank > best->rank || (i.rank == best->rank && i.value < best->value);
    if (better) best = &i;
  }
  return best == nullptr ? background : best->value;
}

std::uint32_t by_steps(const std::vector<Step>& steps, RangeKey key) {
  const auto above = std::upper_bound(steps.begin(), steps.end(), key,
                                      [](RangeKey sought, const Step& step) { return sought < step.first; });
  return std::prev(above)->value;
}

// Few distinct keys, so that intervals meet, nest and end together; both words are used.
TEST(Intervals, AgreeWithALookAtEveryIntervalForRandomOnes) {
  std::mt19937 random(1);
  const auto key = [&] {
    return RangeKey{random() % 2, random() % 3 == 0 ? kMost - random() % 8 : random() % 40};
  };
  for (int round = 0; round < 2000; ++round) {
    std::vector<Interval> intervals;
    for (auto i = random() % 12; i != 0; --i) {
      const RangeKey a = key(), b = key();
      intervals.push_back({std::min(a, b), std::max(a, b), static_cast<std::uint32_t>(random() % 4),
                           static_cast<std::uint32_t>(random() % 3)});
    }
    const auto steps = flatten(intervals, 9, kLastKey);
    EXPECT_EQ(steps.front().first, RangeKey{});
    for (std::size_t i = 1; i < steps.size(); ++i) {
      EXPECT_LT(steps[i - 1].first, steps[i].first);
      EXPECT_NE(steps[i - 1].value, steps[i].value);
    }
    for (int probe = 0; probe < 60; ++probe) {
      const RangeKey at = key();
      ASSERT_EQ(by_steps(steps, at), by_hand(intervals, at, 9)) << at.high << ' ' << at.low;
    }
  }
}

}  // namespace
}  // namespace steadfast
