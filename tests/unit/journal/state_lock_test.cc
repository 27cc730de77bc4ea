// SPDX-License-Identifier: Apache-2.0
#include "journal/state_lock.h"

#include <gtest/gtest.h>

#include "support/scratch.h"

namespace steadfast {
namespace {

TEST(StateLocks, AreHeldByOne) {
  const Scratch scratch;
  const auto held = StateLock::take(scratch.path() / "state");
  ASSERT_TRUE(held);
  const auto second = StateLock::take(scratch.path() / "state");
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().what.find("another steadfastd"), std::string::npos);
}

TEST(StateLocks, EndWithTheirHolder) {
  const Scratch scratch;
  { ASSERT_TRUE(StateLock::take(scratch.path())); }
  EXPECT_TRUE(StateLock::take(scratch.path()));
}

TEST(StateLocks, SayWhereTheyCannotBeMade) {
  const auto lock = StateLock::take("/proc/nowhere");
  ASSERT_FALSE(lock);
  EXPECT_NE(lock.error().what.find("/proc/nowhere"), std::string::npos);
}

}  // namespace
}  // namespace steadfast
