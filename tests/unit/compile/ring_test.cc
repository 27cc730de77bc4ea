// SPDX-License-Identifier: Apache-2.0
// The ring's promises: exact shares, small moves, the same ring everywhere.
#include "compile/ring.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <random>

#include "bpf/abi.h"

namespace steadfast {
namespace {

RingMember member(unsigned number, std::uint32_t weight = 100, bool takes_new_flows = true) {
  RingMember made;
  made.address = *Address::parse("10.0.0.0");
  made.address.bytes[2] = static_cast<std::uint8_t>(number >> 8);
  made.address.bytes[3] = static_cast<std::uint8_t>(number);
  made.weight = weight;
  made.takes_new_flows = takes_new_flows;
  return made;
}

std::vector<RingMember> members(unsigned count) {
  std::vector<RingMember> all;
  for (unsigned i = 1; i <= count; ++i) all.push_back(member(i));
  return all;
}

std::size_t moved(const std::vector<std::uint16_t>& a, const std::vector<std::uint16_t>& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i];
  return count;
}

TEST(Ring, IsAPowerOfTwoWithAtLeast128EntriesPerMember) {
  for (const std::size_t count : {1u, 2u, 3u, 7u, 8u, 100u, 1000u}) {
    const std::uint32_t entries = ring_entries(count);
    EXPECT_TRUE(std::has_single_bit(entries));
    EXPECT_GE(entries, count * SF_RING_MIN_PER_BACKEND);
    EXPECT_LT(entries, 2 * count * SF_RING_MIN_PER_BACKEND);
  }
}

TEST(Ring, EveryMemberOwnsExactlyItsShareWithinOneEntry) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    std::vector<RingMember> all;
    for (unsigned i = 1; i <= 2 + random() % 40; ++i)
      all.push_back(member(i, static_cast<std::uint32_t>(1 + random() % 500)));
    const auto ring = build_ring(all);
    const auto count = count_entries(ring, all.size());
    double weight = 0;
    for (const RingMember& m : all) weight += m.weight;
    for (std::size_t i = 0; i < all.size(); ++i)
      EXPECT_NEAR(count[i], static_cast<double>(ring.size()) * all[i].weight / weight, 1.0);
  }
}

TEST(Ring, TheOrderOfTheFileIsWithoutEffect) {
  auto all = members(13);
  all[4].weight = 250;
  const auto ring = build_ring(all);
  std::vector<RingMember> reversed(all.rbegin(), all.rend());
  const auto other = build_ring(reversed);
  for (std::size_t i = 0; i < ring.size(); ++i) EXPECT_EQ(ring[i], all.size() - 1 - other[i]);
}

// A golden: every machine, today and after an upgrade, must build this ring.
TEST(Ring, IsTheSameOnEveryMachine) {
  const auto ring = build_ring(members(3));
  ASSERT_EQ(ring.size(), 512u);
  std::uint64_t digest = 14695981039346656037u;
  for (const std::uint16_t owner : ring) digest = (digest ^ owner) * 1099511628211u;
  EXPECT_EQ(digest, 2032677546227725740u);
}

TEST(Ring, ADrainMovesOnlyTheDrainedShare) {
  auto all = members(10);
  const auto before = build_ring(all);
  all[3].takes_new_flows = false;
  const auto after = build_ring(all);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == 3)
      EXPECT_NE(after[i], 3);
    else
      EXPECT_EQ(after[i], before[i]);
  }
}

TEST(Ring, ADrainedShareIsDividedByWeight) {
  std::vector<RingMember> all{member(1, 100), member(2, 100), member(3, 300), member(4, 500, false)};
  const auto count = count_entries(build_ring(all), all.size());
  const double total = 512;
  EXPECT_NEAR(count[0], total / 5, 2.0);
  EXPECT_NEAR(count[1], total / 5, 2.0);
  EXPECT_NEAR(count[2], total * 3 / 5, 2.0);
  EXPECT_EQ(count[3], 0u);
}

TEST(Ring, UndoingADrainRestoresTheVerySameRing) {
  auto all = members(10);
  const auto before = build_ring(all);
  all[7].takes_new_flows = false;
  build_ring(all);
  all[7].takes_new_flows = true;
  EXPECT_EQ(build_ring(all), before);
}

// Maglev is not minimal; the paper's figure for the disturbance beyond the
// removed share is a few percent at this size.
TEST(Ring, ARemovalMovesLittleBeyondTheRemovedShare) {
  const auto before = build_ring(members(16));
  auto fewer = members(16);
  fewer.pop_back();
  auto after = build_ring(fewer);
  ASSERT_EQ(after.size(), before.size());
  const double share = static_cast<double>(moved(before, after)) / static_cast<double>(before.size());
  EXPECT_GE(share, 1.0 / 16);
  EXPECT_LT(share, 0.25);
}

TEST(Ring, RenamingChangesNothingBecauseTheAddressIsTheIdentity) {
  auto all = members(4);
  const auto ring = build_ring(all);
  all[2].address = *Address::parse("10.0.9.9");
  EXPECT_NE(build_ring(all), ring);
}

TEST(Ring, TheQuotasAloneGiveTheExactEntries) {
  std::mt19937 random(2);
  for (int round = 0; round < 200; ++round) {
    std::vector<RingMember> all;
    for (unsigned i = 1; i <= 1 + random() % 30; ++i)
      all.push_back(member(i, static_cast<std::uint32_t>(random() % 400), random() % 5 != 0));
    EXPECT_EQ(exact_entries(all), count_entries(build_ring(all), all.size()));
  }
}

TEST(Ring, NoTakersNoRing) {
  EXPECT_TRUE(build_ring({}).empty());
  EXPECT_TRUE(build_ring({member(1, 0)}).empty());
  EXPECT_TRUE(build_ring({member(1, 100, false), member(2, 100, false)}).empty());
}

TEST(Ring, AWeightOfZeroOwnsNothing) {
  const std::vector<RingMember> all{member(1), member(2, 0), member(3)};
  EXPECT_EQ(count_entries(build_ring(all), 3)[1], 0u);
}

}  // namespace
}  // namespace steadfast
