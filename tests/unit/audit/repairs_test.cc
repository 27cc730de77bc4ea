// SPDX-License-Identifier: Apache-2.0
#include "audit/repairs.h"

#include <gtest/gtest.h>

namespace steadfast::audit {
namespace {

constexpr std::uint64_t kSecond_ns = 1'000'000'000;

TEST(Repairs, AreTriedThreeTimesWithinAMinuteAndNoMore) {
  Repairs repairs;
  for (std::uint64_t at = 0; at < 3; ++at) {
    ASSERT_TRUE(repairs.may_repair(at * kSecond_ns));
    repairs.note(at * kSecond_ns);
  }
  EXPECT_FALSE(repairs.may_repair(3 * kSecond_ns));
  EXPECT_FALSE(repairs.may_repair(300 * kSecond_ns)) << "it stays so until somebody has looked";
  EXPECT_TRUE(repairs.gave_up());
}

TEST(Repairs, NowAndThenAreNoFight) {
  Repairs repairs;
  for (std::uint64_t at = 0; at < 20; ++at) {
    ASSERT_TRUE(repairs.may_repair(at * 31 * kSecond_ns));
    repairs.note(at * 31 * kSecond_ns);
  }
  EXPECT_EQ(repairs.total(), 20u);
}

TEST(Repairs, BeginAnewWhenAskedTo) {
  Repairs repairs;
  for (int i = 0; i < 3; ++i) repairs.note(0);
  ASSERT_FALSE(repairs.may_repair(1));
  repairs.begin_anew();
  EXPECT_TRUE(repairs.may_repair(1));
  EXPECT_EQ(repairs.total(), 3u);
}

}  // namespace
}  // namespace steadfast::audit
