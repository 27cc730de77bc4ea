// SPDX-License-Identifier: Apache-2.0
#include "control/api.h"
#include "tests/golden/golden.h"
#include "tests/golden/sample.h"

namespace steadfast {
namespace {

// The text is the golden one, and what it says is everything the value holds:
// reading it back and writing it again changes nothing.
template <typename T>
void expect_json(const std::string& name, const T& value) {
  const std::string text = api::encode(value);
  golden::expect_golden("tests/golden/json/" + name + ".json", text);
  const auto again = api::decode<T>(text);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(api::encode(*again), text);
}

TEST(Json, Status) { expect_json("status", sample::status()); }
TEST(Json, PendingStatus) { expect_json("status_pending", sample::pending_status()); }
TEST(Json, Services) { expect_json("services", report::services(sample::snapshot())); }
TEST(Json, Pools) { expect_json("pools", report::pools(sample::snapshot())); }
TEST(Json, Backends) { expect_json("backends", report::backends(sample::snapshot())); }
TEST(Json, Flows) { expect_json("flows", report::flows(sample::snapshot())); }
TEST(Json, Drops) { expect_json("drops", report::drops(sample::snapshot())); }
TEST(Json, Generations) { expect_json("generations", api::Generations{sample::generations()}); }
TEST(Json, RefusedOutcome) { expect_json("outcome_refused", sample::refused()); }
TEST(Json, AppliedOutcome) { expect_json("outcome_applied", sample::applied()); }
TEST(Json, PendingOutcome) { expect_json("outcome_pending", sample::pending()); }
TEST(Json, OutcomeWithFailedTests) { expect_json("outcome_failed_tests", sample::failed_tests()); }
TEST(Json, Diff) { expect_json("diff", sample::diff()); }
TEST(Json, Blame) { expect_json("blame", sample::blame()); }

TEST(Json, History) {
  expect_json("history",
              HistoryAnswer{1,
                            1795399200.25,
                            {{"packets", {1250.5, std::nullopt, 0}}, {"no_backend", {0, std::nullopt, 12}}},
                            {{1795399201.5, 13, "rolled-back", "alice", "web drops 30 %"}}});
}

TEST(Json, Config) {
  expect_json("config", api::RunningConfig{"/etc/steadfast/edge.toml", "schema = 1\n# a \"comment\"\n"});
}

TEST(Json, Trace) {
  api::TraceReply reply;
  reply.add(sample::forwarded());
  reply.add(sample::dropped());
  expect_json("trace", reply);
}

TEST(Json, Change) {
  expect_json("change",
              Change{"schema = 1\n", "edge.toml", "abc", "alice", "CHG-1", {{"SF501", "pool/web"}}});
}

TEST(Json, ChangeThatWaitsForItsConfirmation) {
  Change change{"schema = 1\n", "edge.toml", "abc", "alice", "", {}};
  change.tests = {{"edge.test.toml", "[[test]]\n"}};
  change.base = ChangeBase{12, "def"};
  change.confirmation = {60, true, {{0.05, 20}, {0.5, 20}}};
  expect_json("change_pending", change);
}

TEST(Json, BackendEdit) {
  BackendEdit edit;
  edit.kind = BackendEdit::Kind::add;
  edit.pool = "web";
  edit.name = "web-01";
  edit.address = "10.0.0.1";
  edit.weight = 100;
  edit.port = 8080;
  edit.author = "alice";
  expect_json("backend_edit", edit);
}

}  // namespace
}  // namespace steadfast
