// SPDX-License-Identifier: Apache-2.0
#include "report/view.h"

#include <gtest/gtest.h>

namespace steadfast::report {
namespace {

BackendSnapshot backend(const char* service, const char* pool, const char* name, const char* state) {
  BackendSnapshot row;
  row.service = service;
  row.pool = pool;
  row.name = name;
  row.state = state;
  row.weight = 10;
  row.packets = 100;
  row.flows = 5;
  return row;
}

TEST(View, EveryVerdictHasOneKindAndOneOwner) {
  for (unsigned value = 0; value < SF_VERDICT_COUNT; value++) {
    const auto verdict = static_cast<sf_verdict>(value);
    EXPECT_FALSE(label(verdict).empty());
    EXPECT_FALSE(help(verdict).empty());
    EXPECT_FALSE(is_drop(verdict) && kind(verdict) == SF_KIND_FORWARDED) << label(verdict);
  }
  EXPECT_TRUE(belongs_to_service(SF_FORWARDED));
  EXPECT_TRUE(belongs_to_service(SF_NO_BACKEND));
  EXPECT_FALSE(belongs_to_service(SF_NOT_SERVICE));
  EXPECT_FALSE(belongs_to_service(SF_TRUNCATED));
}

TEST(View, APoolUsedByTwoServicesCountsItsBackendsOnceAndTheirPacketsTwice) {
  Snapshot snapshot;
  snapshot.services.resize(2);
  snapshot.services[0].name = "https";
  snapshot.services[1].name = "quic";
  snapshot.services[0].pool = snapshot.services[1].pool = "web";
  snapshot.backends = {
      backend("https", "web", "web-01", "active"),   backend("quic", "web", "web-01", "active"),
      backend("https", "web", "web-02", "drain"),    backend("quic", "web", "web-02", "drain"),
      backend("https", "web", "web-03", "disabled"), backend("quic", "web", "web-03", "disabled")};
  const PoolsView view = pools(snapshot);
  ASSERT_EQ(view.pools.size(), 1u);
  const PoolSummary& pool = view.pools[0];
  EXPECT_EQ(pool.services, (std::vector<std::string>{"https", "quic"}));
  EXPECT_EQ(pool.backends, 3u);
  EXPECT_EQ(pool.active, 1u);
  EXPECT_EQ(pool.drain, 1u);
  EXPECT_EQ(pool.disabled, 1u);
  EXPECT_EQ(pool.weight, 10u);
  EXPECT_EQ(pool.packets, 600u);
  EXPECT_EQ(pool.flows, 30u);
}

TEST(View, APoolWithoutBackendsIsStillShown) {
  Snapshot snapshot;
  snapshot.services.resize(1);
  snapshot.services[0].name = "web";
  snapshot.services[0].pool = "empty";
  ASSERT_EQ(pools(snapshot).pools.size(), 1u);
  EXPECT_EQ(pools(snapshot).pools[0].backends, 0u);
}

TEST(View, DropsListOnlyDropsThatHappenedWithTheirScope) {
  Snapshot snapshot;
  snapshot.host[SF_NOT_SERVICE] = {9, 900};
  snapshot.host[SF_TRUNCATED] = {1, 60};
  snapshot.services.resize(1);
  snapshot.services[0].name = "web";
  snapshot.services[0].verdicts[SF_FORWARDED] = {5, 500};
  snapshot.services[0].verdicts[SF_NO_BACKEND] = {2, 120};
  snapshot.retired[SF_TOO_BIG] = {3, 4500};
  const auto found = drops(snapshot).drops;
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].scope, DropScope::host);
  EXPECT_EQ(found[0].verdict, SF_TRUNCATED);
  EXPECT_EQ(found[1].scope, DropScope::service);
  EXPECT_EQ(found[1].service, "web");
  EXPECT_EQ(found[1].count.bytes, 120u);
  EXPECT_EQ(found[2].scope, DropScope::removed);
}

TEST(View, DroppedAddsWhatDropsAndNothingElse) {
  VerdictCounts counts{};
  counts[SF_FORWARDED] = {10, 1000};
  counts[SF_NO_BACKEND] = {1, 60};
  counts[SF_TOO_BIG] = {2, 3000};
  EXPECT_EQ(dropped(counts).packets, 3u);
  EXPECT_EQ(dropped(counts).bytes, 3060u);
  EXPECT_EQ(all(counts).packets, 13u);
}

TEST(View, OnlyARefusedGatedOrFailedChangeWentWrong) {
  Status status;
  for (const char* verdict : {"", "none", "applied", "unchanged"}) {
    status.last_apply_verdict = verdict;
    EXPECT_FALSE(change_went_wrong(status)) << verdict;
  }
  for (const char* verdict : {"refused", "gated", "failed"}) {
    status.last_apply_verdict = verdict;
    EXPECT_TRUE(change_went_wrong(status)) << verdict;
  }
}

}  // namespace
}  // namespace steadfast::report
