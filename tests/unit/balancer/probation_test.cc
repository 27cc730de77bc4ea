// SPDX-License-Identifier: Apache-2.0
#include "control/probation.h"

#include <gtest/gtest.h>

namespace steadfast {
namespace {

constexpr std::uint64_t kSecond_ns = 1'000'000'000;
constexpr std::uint64_t kNow_ns = 1000 * kSecond_ns;

TEST(Probations, WaitForAnOperatorUntilTheKernelsDeadline) {
  const Probation probation({60, false, {}}, kNow_ns);
  EXPECT_TRUE(probation.is_whole());
  EXPECT_EQ(probation.share(), 1);
  EXPECT_EQ(probation.deadline_ns(), kNow_ns + 60 * kSecond_ns);
  EXPECT_EQ(probation.due_ns(), 0u);
  EXPECT_FALSE(probation.confirms_itself());
  EXPECT_FALSE(probation.is_guarded());
}

// The daemon decides first; the kernel acts if it does not.
TEST(Probations, DecideBeforeTheKernelDoes) {
  const Probation probation({60, true, {}}, kNow_ns);
  EXPECT_EQ(probation.due_ns(), kNow_ns + 60 * kSecond_ns);
  EXPECT_GT(probation.deadline_ns(), probation.due_ns());
  EXPECT_TRUE(probation.needs_green());
}

TEST(Probations, GoThroughTheStagesOfACanary) {
  Probation probation({0, false, {{0.05, 20}, {0.5, 30}}}, kNow_ns);
  EXPECT_EQ(probation.share(), 0.05);
  EXPECT_EQ(probation.due_ns(), kNow_ns + 20 * kSecond_ns);
  probation.next_stage(probation.due_ns());
  EXPECT_EQ(probation.share(), 0.5);
  EXPECT_EQ(probation.due_ns(), kNow_ns + 50 * kSecond_ns);
  EXPECT_GT(probation.deadline_ns(), probation.due_ns());
  probation.next_stage(probation.due_ns());
  EXPECT_TRUE(probation.is_whole());
  EXPECT_TRUE(probation.confirms_itself());
  EXPECT_FALSE(probation.needs_green());
  EXPECT_EQ(probation.due_ns(), kNow_ns + 50 * kSecond_ns) << "nothing is left to wait for";
}

TEST(Probations, TellHowLongIsLeft) {
  Probation probation({60, false, {{0.5, 10}}}, kNow_ns);
  PendingChange pending;
  probation.describe(pending, kNow_ns);
  EXPECT_EQ(pending.stage, 1u);
  EXPECT_EQ(pending.stages, 1u);
  EXPECT_EQ(pending.share, 0.5);
  probation.next_stage(kNow_ns + 10 * kSecond_ns);
  probation.extend(5);
  probation.describe(pending, kNow_ns + 30 * kSecond_ns);
  EXPECT_EQ(pending.stage, 0u);
  EXPECT_DOUBLE_EQ(pending.seconds_left, 45);
  probation.describe(pending, kNow_ns + 1000 * kSecond_ns);
  EXPECT_EQ(pending.seconds_left, 0);
}

}  // namespace
}  // namespace steadfast
