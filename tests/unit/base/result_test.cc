// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <gtest/gtest.h>

#include "base/bug.h"
#include "base/sha256.h"

namespace steadfast {
namespace {

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> seven = 7;
  EXPECT_TRUE(seven);
  EXPECT_EQ(*seven, 7);
  const Result<int> none = Error{"no number"};
  EXPECT_FALSE(none);
  EXPECT_EQ(none.error().what, "no number");
}

TEST(Result, AnErrorTellsWhatEachLayerWasDoing) {
  const Error error = Error::from_errno("opening /nowhere", ENOENT).while_doing("starting");
  EXPECT_EQ(error.what, "starting: opening /nowhere: No such file or directory");
  EXPECT_EQ(error.os_error, ENOENT);
}

TEST(Bug, EndsTheProcessWithItsOwnExitCode) {
  EXPECT_EXIT(bug("two and two are five"), testing::ExitedWithCode(kExitBug), "two and two are five");
}

// FIPS 180-4, appendix B.1.
TEST(Sha256, MatchesTheStandard) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace steadfast
