// SPDX-License-Identifier: Apache-2.0
#include "config/suggest.h"

#include <gtest/gtest.h>

namespace steadfast {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndSwaps) {
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("weight", "weight"), 0u);
  EXPECT_EQ(edit_distance("wieght", "weight"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}

TEST(Nearest, IsTheClosestCandidateWithinReason) {
  EXPECT_EQ(nearest("wieght", {"name", "weight", "address"}), "weight");
  EXPECT_EQ(nearest("frobnicate", {"name", "weight", "address"}), "");
  EXPECT_EQ(nearest("x", {}), "");
}

TEST(Nearest, PrefersTheFirstOfTwoEquallyNear) { EXPECT_EQ(nearest("web-0", {"web-1", "web-2"}), "web-1"); }

TEST(DidYouMean, SaysNothingWithoutASuggestion) {
  EXPECT_EQ(did_you_mean("weight"), " (did you mean \"weight\"?)");
  EXPECT_EQ(did_you_mean(""), "");
}

}  // namespace
}  // namespace steadfast
