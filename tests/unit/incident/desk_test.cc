// SPDX-License-Identifier: Apache-2.0
#include "control/incident_desk.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/scratch.h"

namespace steadfast {
namespace {

constexpr double kStart_s = 1795399200;

class Desks : public testing::Test {
 protected:
  std::unique_ptr<IncidentDesk> open() {
    auto desk = IncidentDesk::open(scratch_.path() / "incidents", {});
    EXPECT_TRUE(desk) << desk.error().what;
    return std::move(*desk);
  }
  std::vector<incident::Record> take(IncidentDesk& desk, double after_s) {
    const auto traffic = [](const std::string& service, double from_s) {
      return incident::Series{1, from_s, {{"packets of " + service, {1, 2, 3}}}};
    };
    return desk.take(
        {kStart_s + after_s, alarms_, {}, {}, {}}, [](const std::string& object) { return "of " + object; },
        traffic);
  }
  std::filesystem::path file(const char* name) { return scratch_.path() / "incidents" / name; }

  Scratch scratch_;
  std::vector<detect::Alarm> alarms_{{"T1 web",
                                      "T1",
                                      detect::Severity::page,
                                      "service/web",
                                      "no_backend",
                                      0.3,
                                      kStart_s,
                                      kStart_s + 1,
                                      true,
                                      "web drops 30 %",
                                      {}}};
};

TEST_F(Desks, ARecordOutlivesTheDaemon) {
  {
    auto desk = open();
    EXPECT_EQ(take(*desk, 1).size(), 1u);
    EXPECT_TRUE(take(*desk, 2).empty()) << "only what is new";
  }
  const auto again = open();
  const auto record = again->incident(1);
  ASSERT_TRUE(record) << record.error().what;
  EXPECT_EQ(record->sentence, "web drops 30 %");
  EXPECT_EQ(record->service, "of service/web");
  EXPECT_EQ(record->traffic.from_s, kStart_s - 60);
  EXPECT_EQ(record->traffic.lines.at(0).name, "packets of of service/web");
  EXPECT_EQ(again->status().open, 1u);
  EXPECT_EQ(again->status().total, 1u);
}

TEST_F(Desks, TheListLeavesTheTrafficOut) {
  auto desk = open();
  take(*desk, 1);
  ASSERT_EQ(desk->incidents().incidents.size(), 1u);
  EXPECT_TRUE(desk->incidents().incidents[0].traffic.empty());
  EXPECT_FALSE(desk->incident(1)->traffic.empty());
}

TEST_F(Desks, ADamagedRecordIsNamedAndItsNumberStaysTaken) {
  take(*open(), 1);
  std::ofstream(file("0001.json")) << "{\"number\": 1";
  auto desk = open();
  const auto list = desk->incidents();
  EXPECT_TRUE(list.incidents.empty());
  ASSERT_EQ(list.damaged.size(), 1u);
  EXPECT_NE(list.damaged[0].find("0001.json is damaged"), std::string::npos) << list.damaged[0];
  EXPECT_EQ(desk->status().problems, list.damaged);
  EXPECT_EQ(desk->incident(1).error().what, list.damaged[0]);
  EXPECT_EQ(take(*desk, 1).at(0).number, 2u);
}

TEST_F(Desks, ARecordUnderAnotherNumberIsDamaged) {
  take(*open(), 1);
  std::filesystem::copy(file("0001.json"), file("0005.json"));
  EXPECT_EQ(open()->incidents().damaged.size(), 1u);
}

TEST_F(Desks, AFailingDiskIsSaidAndTriedAgain) {
  auto desk = open();
  std::filesystem::remove_all(scratch_.path() / "incidents");
  take(*desk, 1);
  EXPECT_EQ(desk->status().problems.size(), 1u);
  EXPECT_TRUE(desk->incident(1)) << "it is still known";
  std::filesystem::create_directory(scratch_.path() / "incidents");
  take(*desk, 2);
  EXPECT_TRUE(desk->status().problems.empty());
  EXPECT_TRUE(open()->incident(1));
}

}  // namespace
}  // namespace steadfast
