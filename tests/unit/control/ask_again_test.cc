// SPDX-License-Identifier: Apache-2.0
#include "control/ask_again.h"

#include <gtest/gtest.h>

#include <vector>

namespace steadfast {
namespace {

constexpr std::uint64_t kSecond_ns = 1'000'000'000;

// The seconds at which they are asked, each second looked at.
std::vector<int> asked_at(AskAgain& again, std::size_t silent, int from_s, int to_s) {
  std::vector<int> seconds;
  for (int second = from_s; second <= to_s; ++second) {
    const std::uint64_t now_ns = static_cast<std::uint64_t>(second) * kSecond_ns;
    if (!again.is_due(silent, now_ns)) continue;
    again.asked(now_ns);
    seconds.push_back(second);
  }
  return seconds;
}

TEST(AskAgain, NobodyIsAskedWhileAllAnswer) {
  AskAgain again;
  EXPECT_TRUE(asked_at(again, 0, 1, 100).empty());
}

TEST(AskAgain, WhatIsSilentForLongIsAskedSeldom) {
  AskAgain again;
  EXPECT_EQ(asked_at(again, 3, 1, 70), (std::vector<int>{2, 4, 8, 16, 32, 48, 64}));
}

TEST(AskAgain, OthersThanBeforeAreAskedSoon) {
  AskAgain again;
  asked_at(again, 3, 1, 70);
  EXPECT_EQ(asked_at(again, 4, 71, 75), (std::vector<int>{72, 74}));
}

}  // namespace
}  // namespace steadfast
