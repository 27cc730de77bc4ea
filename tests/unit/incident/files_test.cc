// SPDX-License-Identifier: Apache-2.0
#include "incident/files.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/scratch.h"

namespace steadfast::incident {
namespace {

TEST(IncidentFiles, KeepTheLatestAndTheirNumbers) {
  const Scratch scratch;
  auto files = Files::open(scratch.path() / "incidents");
  ASSERT_TRUE(files) << files.error().what;
  for (std::uint64_t number = 1; number <= Files::kKept + 3; ++number)
    ASSERT_TRUE(files->write(number, "record " + std::to_string(number)));
  EXPECT_EQ(files->numbers().size(), Files::kKept);
  EXPECT_EQ(*files->numbers().begin(), 4u);
  EXPECT_FALSE(files->read(3));
  const auto again = Files::open(scratch.path() / "incidents");
  EXPECT_EQ(again->numbers(), files->numbers());
  EXPECT_EQ(*again->read(4), "record 4");
}

TEST(IncidentFiles, WhatACrashLeftHalfWrittenIsNoRecord) {
  const Scratch scratch;
  std::ofstream(scratch.path() / "0007.json.new") << "{";
  std::ofstream(scratch.path() / "notes.json") << "{";
  std::ofstream(scratch.path() / "0009-old.json") << "{";
  std::ofstream(scratch.path() / "0008.bak") << "{";
  EXPECT_TRUE(Files::open(scratch.path())->numbers().empty());
}

}  // namespace
}  // namespace steadfast::incident
