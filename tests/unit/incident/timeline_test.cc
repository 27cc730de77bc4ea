// SPDX-License-Identifier: Apache-2.0
#include "incident/timeline.h"

#include <gtest/gtest.h>

namespace steadfast::incident {
namespace {

TEST(Timeline, IsInTheOrderOfTimeAndBounded) {
  Record record;
  add(record, {10, Step::detected, "b"});
  add(record, {5, Step::first_packet, "a"});
  add(record, {10, Step::located, "c"});
  ASSERT_EQ(record.timeline.size(), 3u);
  EXPECT_EQ(record.timeline[0].text, "a");
  EXPECT_EQ(record.timeline[2].text, "c") << "after what was there at the same time";
  for (std::size_t i = 0; i < 2 * kEntriesKept; ++i) add(record, {20, Step::ejected, "x"});
  EXPECT_EQ(record.timeline.size(), kEntriesKept);
}

TEST(Traffic, NewerValuesContinueTheSeries) {
  Series series;
  merge(series, {1, 100.25, {{"packets", {1, 2}}}});
  merge(series, {1, 101.26, {{"packets", {std::nullopt, 4, 5}}, {"dropped-by-limit", {0, 0, 9}}}});
  EXPECT_EQ(series.from_s, 100.25);
  ASSERT_EQ(series.lines.size(), 2u);
  EXPECT_EQ(series.lines[0].values, (std::vector<std::optional<double>>{1, 2, 4, 5}))
      << "what nobody counted takes nothing away";
  EXPECT_EQ(series.lines[1].values, (std::vector<std::optional<double>>{std::nullopt, 0, 0, 9}));
}

TEST(Traffic, IsBounded) {
  Series series;
  merge(series, {1, 0, {{"packets", {1}}}});
  merge(series, {1, static_cast<double>(kValuesKept) - 1, {{"packets", {2, 3}}}});
  EXPECT_EQ(series.lines[0].values.size(), kValuesKept);
  EXPECT_EQ(series.lines[0].values.back(), 2);
  merge(series, {1, -5, {{"packets", {7}}}});
  EXPECT_EQ(series.lines[0].values.front(), 1) << "what lies before its beginning is left out";
}

}  // namespace
}  // namespace steadfast::incident
