// SPDX-License-Identifier: Apache-2.0
#include "journal/life.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/scratch.h"

namespace steadfast {
namespace {

class Lives : public testing::Test {
 protected:
  std::filesystem::path file() const { return scratch_.path() / "life"; }
  Life opened(double now_s) {
    auto life = Life::open(file(), now_s);
    EXPECT_TRUE(life) << (life ? "" : life.error().what);
    return std::move(*life);
  }
  // A daemon that runs `generation` and is killed.
  void die_with(std::uint64_t generation, double now_s) {
    Life life = opened(now_s);
    ASSERT_TRUE(life.live_with(generation));
  }

  Scratch scratch_;
};

TEST_F(Lives, NobodyHasDiedAtFirst) { EXPECT_FALSE(opened(0).is_crash_loop(1, 0)); }

TEST_F(Lives, OneCrashIsNoLoop) {
  die_with(7, 100);
  EXPECT_FALSE(opened(110).is_crash_loop(7, 110));
}

TEST_F(Lives, TwoCrashesWithinAMinuteAreALoop) {
  die_with(7, 100);
  die_with(7, 110);
  const Life life = opened(120);
  EXPECT_TRUE(life.is_crash_loop(7, 120));
  EXPECT_FALSE(life.is_crash_loop(6, 120)) << "another generation is not to blame";
}

TEST_F(Lives, TwoCrashesFarApartAreNot) {
  die_with(7, 100);
  die_with(7, 110);
  EXPECT_FALSE(opened(171).is_crash_loop(7, 171));
}

TEST_F(Lives, AnOrderlyEndIsNoCrash) {
  for (double now_s : {100.0, 101.0, 102.0}) {
    Life life = opened(now_s);
    ASSERT_TRUE(life.live_with(7));
    ASSERT_TRUE(life.end());
  }
  EXPECT_FALSE(opened(103).is_crash_loop(7, 103));
}

TEST_F(Lives, ADeathIsTheGenerationsThatRanLast) {
  for (double now_s : {100.0, 101.0}) {
    Life life = opened(now_s);
    ASSERT_TRUE(life.live_with(7));
    ASSERT_TRUE(life.live_with(8));
  }
  const Life life = opened(102);
  EXPECT_TRUE(life.is_crash_loop(8, 102));
  EXPECT_FALSE(life.is_crash_loop(7, 102));
}

TEST_F(Lives, ADamagedRecordIsAnErrorThatNamesIt) {
  for (const char* bytes : {"", "[]", "{\"generation\": -1, \"crashes\": []}", "{\"generation\": 1}",
                            "{\"generation\": 1, \"crashes\": [[1]]}"}) {
    std::ofstream(file()) << bytes;
    const auto life = Life::open(file(), 0);
    ASSERT_FALSE(life) << bytes;
    EXPECT_NE(life.error().what.find(file().string()), std::string::npos);
  }
}

}  // namespace
}  // namespace steadfast
