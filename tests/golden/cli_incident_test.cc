// SPDX-License-Identifier: Apache-2.0
// incidents: the table, one record, the draft of a post-mortem.
#include "control/incident_desk.h"
#include "tests/golden/cli_fixture.h"
#include "tests/golden/incident_sample.h"

namespace steadfast::golden {
namespace {

class CliWithIncident : public CliWithDaemon {
 protected:
  void SetUp() override {
    CliWithDaemon::SetUp();
    auto desk = IncidentDesk::open(dir_ / "incidents", {});
    ASSERT_TRUE(desk) << desk.error().what;
    desk_ = std::move(*desk);
    const detect::Alarm alarm = sample::alarm();
    desk_->take(
        {alarm.raised_s, {alarm}, {}, {}, {}}, [](const std::string&) { return "messaging"; },
        [](const std::string&, double) { return sample::incident().traffic; });
    balancer_->ask_about_incidents(desk_.get());
  }
  void TearDown() override { balancer_->ask_about_incidents(nullptr); }

  std::unique_ptr<IncidentDesk> desk_;
};

TEST_F(CliWithDaemon, WithoutAnIncidentThatIsSaid) {
  EXPECT_EQ(steadfast({"incidents"}).out, "there was no incident\n");
  EXPECT_EQ(steadfast({"incidents", "show", "1"}).code, 2);
}

TEST_F(CliWithIncident, TheTableAndOneRecordAreShown) {
  EXPECT_NE(steadfast({"incidents"}).out.find("backend/messaging/msg-03"), std::string::npos);
  EXPECT_NE(steadfast({"incidents", "show", "1"}).out.find("edge.toml:27"), std::string::npos);
  EXPECT_EQ(json(steadfast({"incidents", "--json"}))["incidents"][0]["number"], 1);
  EXPECT_EQ(json(steadfast({"incidents", "show", "1", "--json"}))["culprit"]["line"], 27);
  const Ran unknown = steadfast({"incidents", "show", "9"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_NE(unknown.err.find("there is no incident 9"), std::string::npos) << unknown.err;
  EXPECT_NE(steadfast({"status"}).out.find("1 open"), std::string::npos);
}

TEST_F(CliWithIncident, AReportGoesToStandardOutputOrIntoAFile) {
  EXPECT_NE(steadfast({"incidents", "report", "1"}).out.find("# Incident 1: post-mortem draft"),
            std::string::npos);
  const std::string target = dir_ / "incident.md";
  const Ran ran = steadfast({"incidents", "report", "1", "-o", target});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(read_file(target).find("## Timeline"), std::string::npos);
}

TEST_F(CliWithIncident, WithoutGnuplotTheReportHasNoPictureAndSaysWhy) {
  const std::string target = dir_ / "incident.md";
  const Ran ran = golden::run({STEADFAST_CLI, "incidents", "report", "1", "-o", target}, "",
                              {"PATH=" + (dir_ / "empty"), "USER=tester", "STEADFAST_CONTROL=" + socket_});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.err.find("gnuplot is not installed"), std::string::npos) << ran.err;
  EXPECT_EQ(read_file(target).find("svg"), std::string::npos);
}

}  // namespace
}  // namespace steadfast::golden
