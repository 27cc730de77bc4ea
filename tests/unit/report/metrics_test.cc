// SPDX-License-Identifier: Apache-2.0
#include "report/metrics.h"

#include <gtest/gtest.h>

#include "report/metric_list.h"
#include "report/view.h"

namespace steadfast::report {
namespace {

bool has_line(const std::string& page, const std::string& line) {
  return ("\n" + page).find("\n" + line + "\n") != std::string::npos;
}

Snapshot one_service() {
  Snapshot snapshot;
  snapshot.services.resize(1);
  snapshot.services[0].name = "web";
  return snapshot;
}

TEST(MetricsPage, SeriesThatCanExistAreThereFromTheStartWithZero) {
  const std::string page = metrics_page(one_service(), Status{});
  EXPECT_TRUE(has_line(page, "steadfast_service_packets_total{service=\"web\",verdict=\"no_backend\"} 0"))
      << page;
  EXPECT_TRUE(has_line(page, "steadfast_host_packets_total{verdict=\"not_service\"} 0"));
  EXPECT_TRUE(has_line(
      page, "steadfast_dropped_packets_total{verdict=\"no_room\",kind=\"dropped-by-configuration\"} 0"));
}

TEST(MetricsPage, SeriesThatCannotExistCostNothing) {
  const std::string page = metrics_page(one_service(), Status{});
  EXPECT_EQ(page.find("steadfast_service_packets_total{service=\"web\",verdict=\"not_ip\"}"),
            std::string::npos);
  EXPECT_EQ(page.find("steadfast_host_packets_total{verdict=\"forwarded\"}"), std::string::npos);
}

TEST(MetricsPage, AVerdictThatCountedIsShownWhereverItCounted) {
  Snapshot snapshot = one_service();
  snapshot.host[SF_TABLE_ERROR] = {2, 120};
  EXPECT_TRUE(
      has_line(metrics_page(snapshot, Status{}), "steadfast_host_packets_total{verdict=\"table_error\"} 2"));
}

TEST(MetricsPage, DropsOfRemovedServicesStayInTheTotal) {
  Snapshot snapshot = one_service();
  snapshot.services[0].verdicts[SF_NO_BACKEND] = {1, 60};
  snapshot.retired[SF_NO_BACKEND] = {4, 240};
  EXPECT_TRUE(has_line(
      metrics_page(snapshot, Status{}),
      "steadfast_dropped_packets_total{verdict=\"no_backend\",kind=\"dropped-by-configuration\"} 5"));
}

TEST(MetricsPage, TheStateOfABackendIsOneOfThreeSeries) {
  Snapshot snapshot;
  snapshot.backends.resize(1);
  snapshot.backends[0].state = "drain";
  const std::string page = metrics_page(snapshot, Status{});
  const std::string series = "steadfast_backend_state{service=\"\",pool=\"\",backend=\"\",state=\"";
  EXPECT_TRUE(has_line(page, series + "active\"} 0"));
  EXPECT_TRUE(has_line(page, series + "drain\"} 1"));
  EXPECT_TRUE(has_line(page, series + "disabled\"} 0"));
}

TEST(MetricsPage, ANameWithAQuoteCannotForgeALabel) {
  Snapshot snapshot = one_service();
  snapshot.services[0].name = "we\"b\n";
  const std::string page = metrics_page(snapshot, Status{});
  EXPECT_NE(page.find("{service=\"we\\\"b\\n\",verdict=\"forwarded\"}"), std::string::npos);
}

TEST(MetricsPage, TheTimeOfTheLastApplyIsUnixTime) {
  Status status;
  status.applied_at = "2026-01-01T00:00:00Z";
  EXPECT_TRUE(has_line(metrics_page({}, status), "steadfast_last_apply_timestamp_seconds 1767225600"));
  EXPECT_TRUE(has_line(metrics_page({}, Status{}), "steadfast_last_apply_timestamp_seconds 0"));
}

TEST(MetricsPage, ARefusedChangeIsSeen) {
  Status status;
  status.last_apply_verdict = "refused";
  EXPECT_TRUE(has_line(metrics_page({}, status), "steadfast_last_apply_success 0"));
}

TEST(MetricsReference, NamesEveryMetricOfTheList) {
  const std::string page = metrics_markdown();
#define X(symbol, type, name, labels, help) EXPECT_NE(page.find("| `" name "` |"), std::string::npos) << name;
  SF_METRICS(X)
#undef X
}

}  // namespace
}  // namespace steadfast::report
