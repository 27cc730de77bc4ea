// SPDX-License-Identifier: Apache-2.0
#include "control/api.h"
#include "report/incident_picture.h"
#include "report/incident_screen.h"
#include "tests/golden/golden.h"
#include "tests/golden/incident_sample.h"

namespace steadfast {
namespace {

void expect_page(const std::string& name, const std::string& text) {
  golden::expect_golden("tests/golden/incidents/" + name, text);
}

template <typename T>
void expect_json(const std::string& name, const T& value) {
  const std::string text = api::encode(value);
  expect_page(name + ".json", text);
  const auto again = api::decode<T>(text);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(api::encode(*again), text);
}

TEST(Incidents, AreATableAndDamagedRecordsAreNamed) {
  const auto list = sample::incidents();
  expect_page("incidents.txt", report::incidents_screen(list.incidents, list.damaged, false));
  EXPECT_EQ(report::incidents_screen({}, {}, false), "there was no incident\n");
}

TEST(Incidents, OneShowsItsCulpritSuspectsAndTimeline) {
  expect_page("incident.txt", report::incident_screen(sample::incident(), false));
  expect_page("incident_open.txt", report::incident_screen(sample::open_incident(), true));
}

TEST(Incidents, AReportIsAPostMortemDraft) {
  expect_page("report.md", report::post_mortem(sample::incident(), "report.svg"));
  expect_page("report_open.md", report::post_mortem(sample::open_incident(), ""));
}

TEST(Incidents, ThePictureShowsTrafficDropsAndSteps) {
  expect_page("incident.gnuplot", report::incident_plot(sample::incident()));
  EXPECT_EQ(report::incident_plot(sample::open_incident()), "") << "nobody counted";
}

TEST(Incidents, JsonSaysEverything) {
  expect_json("alerts", api::Alerts{{sample::alarm()}});
  expect_json("incident", sample::incident());
  expect_json("incidents", sample::incidents());
}

}  // namespace
}  // namespace steadfast
