// SPDX-License-Identifier: Apache-2.0
#include "notify/message.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace steadfast::notify {
namespace {

using nlohmann::json;

detect::Alarm alarm() {
  return {"T1 web",
          "T1",
          detect::Severity::page,
          "service/web",
          "no_backend",
          0.3,
          1795399200,
          1795399201.5,
          true,
          "web drops 30 %",
          {{"backend/web/b3", 0.9, "new here", 47, "alice", "edge.toml", {27, 3}, "steadfast rollback"}}};
}

TEST(Messages, AnAlertmanagerGetsLabelsAnnotationsAndTimes) {
  const json body = json::parse(alertmanager_body({{alarm()}}, "edge-01"));
  ASSERT_EQ(body.size(), 1u);
  EXPECT_EQ(body[0]["labels"], (json{{"alertname", "SteadfastNoBackend"},
                                     {"severity", "page"},
                                     {"service", "web"},
                                     {"verdict", "no_backend"},
                                     {"object", "service/web"},
                                     {"generation", "47"},
                                     {"instance", "edge-01"}}));
  EXPECT_EQ(body[0]["annotations"], (json{{"summary", "web drops 30 %"},
                                          {"description", "backend/web/b3 (edge.toml:27): new here"},
                                          {"command", "steadfast rollback"}}));
  EXPECT_EQ(body[0]["startsAt"], "2026-11-23T02:00:00Z");
  EXPECT_FALSE(body[0].contains("endsAt"));
}

TEST(Messages, TheEndIsToldWithTheSameLabels) {
  const json body = json::parse(alertmanager_body({{alarm()}, {alarm(), 1795399260.9}}, "edge-01"));
  EXPECT_EQ(body[0]["labels"], body[1]["labels"]);
  EXPECT_EQ(body[1]["endsAt"], "2026-11-23T02:01:00Z");
}

TEST(Messages, ALabelWithoutAValueIsLeftOut) {
  detect::Alarm bare = alarm();
  bare.suspects.clear();
  bare.object = "table/flows";
  bare.verdict.clear();
  const json labels = json::parse(alertmanager_body({{bare}}, ""))[0]["labels"];
  EXPECT_EQ(labels, (json{{"alertname", "SteadfastT1"}, {"severity", "page"}, {"object", "table/flows"}}));
}

TEST(Messages, AWebhookGetsTheWholeAlarm) {
  const json firing = json::parse(webhook_body({alarm()}, "edge-01"));
  EXPECT_EQ(firing["status"], "firing");
  EXPECT_EQ(firing["instance"], "edge-01");
  EXPECT_EQ(firing["alarm"]["suspects"][0]["line"], 27);
  const json resolved = json::parse(webhook_body({alarm(), 1795399260.5}, "edge-01"));
  EXPECT_EQ(resolved["status"], "resolved");
  EXPECT_EQ(resolved["ended_s"], 1795399260.5);
}

}  // namespace
}  // namespace steadfast::notify
