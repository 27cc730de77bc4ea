// SPDX-License-Identifier: Apache-2.0
#include "report/screen.h"
#include "tests/golden/golden.h"
#include "tests/golden/sample.h"

namespace steadfast {
namespace {

void expect_screen(const std::string& name, const std::string& text) {
  golden::expect_golden("tests/golden/screens/" + name + ".txt", text);
}

TEST(Screens, StatusSaysWhatRunsSinceWhenAndByWhom) {
  expect_screen("status", report::status_screen(sample::status(), false));
}

TEST(Screens, StatusBeforeTheFirstApplySaysSo) {
  expect_screen("status_empty", report::status_screen(Status{}, false));
}

TEST(Screens, ServicesShowWhatWasDropped) {
  expect_screen("services", report::services_screen(report::services(sample::snapshot()), false));
}

TEST(Screens, ServicesInColour) {
  expect_screen("services_colour", report::services_screen(report::services(sample::snapshot()), true));
}

TEST(Screens, PoolsCountABackendOnce) {
  expect_screen("pools", report::pools_screen(report::pools(sample::snapshot()), false));
}

TEST(Screens, BackendsShowTheirExactShareAndTheirNextHop) {
  expect_screen("backends", report::backends_screen(report::backends(sample::snapshot()), false));
}

TEST(Screens, FlowsShowHowFullTheTableIs) {
  expect_screen("flows", report::flows_screen(report::flows(sample::snapshot()), false));
}

TEST(Screens, DropsSayWhereWhyAndHowMany) {
  expect_screen("drops", report::drops_screen(report::drops(sample::snapshot()), false));
}

TEST(Screens, NothingDroppedIsSaidInWords) {
  expect_screen("drops_none", report::drops_screen(report::drops(Snapshot{}), false));
}

TEST(Screens, GenerationsAreTheJournal) {
  expect_screen("generations", report::generations_screen(sample::generations(), false));
}

TEST(Screens, StatusShowsHowLongAChangeIsPending) {
  expect_screen("status_pending", report::status_screen(sample::pending_status(), false));
  Status automatic = sample::pending_status();
  automatic.pending->automatic = true;
  expect_screen("status_pending_automatic", report::status_screen(automatic, false));
}

TEST(Screens, StatusPutsAlertsFirstAndInRed) {
  expect_screen("status_alarmed", report::status_screen(sample::alarmed_status(), true));
}

TEST(Screens, HistoryTellsHowEachChangeEnded) {
  expect_screen("history", report::history_screen(sample::generations(), false));
  EXPECT_EQ(report::history_screen({}, false), "no generation has been applied\n");
}

TEST(Screens, DiffShowsObjectsKeysAndLines) {
  expect_screen("diff", report::diff_screen(sample::diff(), false));
  expect_screen("diff_none", report::diff_screen(sample::no_difference(), false));
}

TEST(Screens, BlameNamesTheGenerationAndItsReason) {
  expect_screen("blame", report::blame_screen(sample::blame(), false));
  expect_screen("blame_oldest", report::blame_screen(sample::blame_of_the_oldest(), false));
  expect_screen("blame_removed", report::blame_screen(sample::blame_of_the_removed(), false));
}

TEST(Screens, TraceNamesTheLineThatDecided) {
  expect_screen("trace_forwarded", report::trace_screen(sample::forwarded(), false));
  expect_screen("trace_dropped", report::trace_screen(sample::dropped(), false));
  expect_screen("trace_passed", report::trace_screen(sample::passed(), false));
}

TEST(Screens, TraceOfACaptureTakesOneLineAPacket) {
  expect_screen("trace_lines", report::trace_line(sample::forwarded()) + "\n" +
                                   report::trace_line(sample::dropped()) + "\n" +
                                   report::trace_line(sample::passed()) + "\n");
}

}  // namespace
}  // namespace steadfast
