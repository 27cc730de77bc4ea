// SPDX-License-Identifier: Apache-2.0
#include "report/table.h"

#include <gtest/gtest.h>

namespace steadfast::report {
namespace {

TEST(Table, AlignsTextLeftAndNumbersRightWithTheirHeader) {
  Table table({"NAME", "PACKETS"});
  table.add({"web", Cell::number("7")});
  table.add({"messaging", Cell::number("1,234,567")});
  EXPECT_EQ(table.text(false),
            "NAME         PACKETS\n"
            "web                7\n"
            "messaging  1,234,567\n");
}

TEST(Table, LeavesNoBlanksAtTheEndOfALine) {
  Table table({"A", "LONG HEADER"});
  table.add({"x", "y"});
  EXPECT_EQ(table.text(false), "A  LONG HEADER\nx  y\n");
}

TEST(Table, ColourCostsNoWidth) {
  Table table({"STATE", "NEXT"});
  table.add({{"drain", Colour::yellow}, "x"});
  EXPECT_EQ(table.text(true), "\x1b[1mSTATE\x1b[0m  \x1b[1mNEXT\x1b[0m\n\x1b[33mdrain\x1b[0m  x\n");
}

TEST(Table, ANameInUtf8StaysAligned) {
  Table table({"NAME", "X"});
  table.add({"zürich", "1"});
  table.add({"zurich", "2"});
  EXPECT_EQ(table.text(false), "NAME    X\nzürich  1\nzurich  2\n");
}

TEST(Table, PaintWithoutColourIsTheText) {
  EXPECT_EQ(paint("x", Colour::red, false), "x");
  EXPECT_EQ(paint("", Colour::red, true), "");
  EXPECT_EQ(paint("x", Colour::red, true), "\x1b[31mx\x1b[0m");
}

TEST(TableDeathTest, ARowWithTooFewCellsIsABug) {
  Table table({"A", "B"});
  EXPECT_EXIT(table.add({"x"}), testing::ExitedWithCode(5), "as many cells as the header");
}

}  // namespace
}  // namespace steadfast::report
