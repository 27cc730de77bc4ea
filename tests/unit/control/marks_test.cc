// SPDX-License-Identifier: Apache-2.0
#include "control/marks.h"

#include <gtest/gtest.h>

namespace steadfast {
namespace {

Generation generation(std::uint64_t number, const std::string& outcome, const std::string& because = "") {
  Generation record;
  record.number = number;
  record.outcome = outcome;
  record.author = "alice";
  record.reason = "CHG-1";
  record.ended_because = because;
  return record;
}

std::string words(const Marks& marks, double from_s = 0) {
  std::string all;
  for (const HistoryMark& mark : marks.since(from_s))
    all += std::to_string(static_cast<int>(mark.at_s)) + ": " + std::to_string(mark.generation) + " " +
           mark.what + " (" + mark.author + ", " + mark.reason + ")\n";
  return all;
}

TEST(Marks, BeginWithWhatRuns) {
  Marks marks;
  marks.look({generation(1, outcome::kReplaced), generation(2, outcome::kRunning)}, 10);
  marks.look({generation(1, outcome::kReplaced), generation(2, outcome::kRunning)}, 11);
  EXPECT_EQ(words(marks), "10: 2 started (alice, CHG-1)\n");
}

TEST(Marks, NoteWhatPacketsMeet) {
  Marks marks;
  marks.look({generation(1, outcome::kRunning)}, 10);
  marks.look({generation(1, outcome::kReplaced), generation(2, outcome::kRunning)}, 11);
  marks.look(
      {generation(1, outcome::kReplaced), generation(2, outcome::kRunning), generation(3, outcome::kWritten)},
      12);
  EXPECT_EQ(words(marks, 11), "11: 2 live (alice, CHG-1)\n");
}

TEST(Marks, FollowAPendingChangeToItsEnd) {
  Marks marks;
  marks.look({generation(1, outcome::kRunning)}, 10);
  marks.look({generation(1, outcome::kRunning), generation(2, outcome::kPending)}, 11);
  marks.look({generation(1, outcome::kReplaced), generation(2, outcome::kRunning)}, 12);
  marks.look(
      {generation(1, outcome::kReplaced), generation(2, outcome::kRunning), generation(3, outcome::kPending)},
      13);
  marks.look({generation(1, outcome::kReplaced), generation(2, outcome::kRunning),
              generation(3, outcome::kRolledBack, "web drops 30 %")},
             14);
  EXPECT_EQ(words(marks, 11),
            "11: 2 pending (alice, CHG-1)\n12: 2 confirmed (alice, CHG-1)\n"
            "13: 3 pending (alice, CHG-1)\n14: 3 rolled-back (alice, web drops 30 %)\n");
}

TEST(Marks, SeeAChangeThatBeganAndEndedBetweenTwoLooks) {
  Marks marks;
  marks.look({generation(1, outcome::kRunning)}, 10);
  marks.look({generation(1, outcome::kRunning), generation(2, outcome::kCancelled, "by alice")}, 11);
  EXPECT_EQ(words(marks, 11), "11: 2 cancelled (alice, by alice)\n");
}

TEST(Marks, AreForgottenAfterADayAndWhenThereAreTooMany) {
  Marks marks;
  marks.look({}, 0);
  for (std::uint64_t number = 1; number <= 300; ++number)
    marks.look({generation(number, outcome::kRunning)}, static_cast<double>(number));
  EXPECT_EQ(marks.since(0).size(), Marks::kKept);
  EXPECT_EQ(marks.since(0).front().generation, 45u);
  marks.look({}, 299 + Marks::kDay_s);
  EXPECT_EQ(marks.since(0).size(), 2u);
}

}  // namespace
}  // namespace steadfast
