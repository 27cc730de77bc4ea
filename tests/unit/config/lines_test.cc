// SPDX-License-Identifier: Apache-2.0
#include "config/lines.h"

#include <gtest/gtest.h>

namespace steadfast::config {
namespace {

TEST(Lines, CountThePieceBehindTheLastNewlineOnlyWhenThereIsOne) {
  EXPECT_EQ(Lines("").count(), 0u);
  EXPECT_EQ(Lines("a\n").count(), 1u);
  EXPECT_EQ(Lines("a\nb").count(), 2u);
  EXPECT_EQ(Lines("\n\n").count(), 2u);
}

TEST(Lines, AreGivenWithoutTheirEnd) {
  const Lines lines("one\r\ntwo\n");
  EXPECT_EQ(lines.line(1), "one");
  EXPECT_EQ(lines.line(2), "two");
  EXPECT_EQ(lines.line(3), "");
  EXPECT_EQ(lines.line(0), "");
}

TEST(Lines, CountColumnsInCharacters) {
  const Lines lines("é = 1\nx\n");
  EXPECT_EQ(lines.offset({1, 2}), 2u);
  EXPECT_EQ(lines.place(2), (Place{1, 2}));
  EXPECT_EQ(lines.place(lines.offset({1, 5})), (Place{1, 5}));
}

TEST(Lines, TakeEveryOffsetToAPlaceAndBack) {
  const std::string_view text = "a = 1\n\nbb = 22\nc";
  const Lines lines(text);
  for (std::size_t at = 0; at < text.size(); ++at) EXPECT_EQ(lines.offset(lines.place(at)), at) << at;
}

TEST(Lines, KeepPlacesBeyondALineWithinTheText) {
  const Lines lines("ab\nc\n");
  EXPECT_LE(lines.offset({1, 99}), 3u);
  EXPECT_EQ(lines.offset({9, 1}), 5u);
}

}  // namespace
}  // namespace steadfast::config
