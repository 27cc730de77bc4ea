// SPDX-License-Identifier: Apache-2.0
#include "control/selection.h"

#include <gtest/gtest.h>

namespace steadfast {
namespace {

BackendSnapshot backend(const std::string& service, const std::string& name, std::uint64_t new_flows = 1) {
  BackendSnapshot row;
  row.service = service;
  row.pool = service + "-pool";
  row.name = name;
  row.address = "10.0.2." + name;
  row.state = "active";
  row.next_hop_resolved = true;
  row.new_flows = new_flows;
  return row;
}

report::BackendsView view() {
  report::BackendsView view;
  view.backends = {backend("web", "3", 5), backend("web", "1", 7), backend("api", "2", 11),
                   backend("api", "9")};
  return view;
}

std::string names(const report::BackendsView& view) {
  std::string all;
  for (const BackendSnapshot& row : view.backends) all += row.service + "/" + row.name + " ";
  return all;
}

report::BackendsView selected(report::BackendsView view, const Query& query) {
  const auto selection = Selection::in(query);
  EXPECT_TRUE(selection);
  select(*selection, view);
  return view;
}

TEST(Selection, EverythingIsAsItCame) {
  const auto all = selected(view(), {});
  EXPECT_EQ(names(all), "web/3 web/1 api/2 api/9 ");
  EXPECT_FALSE(all.all);
  EXPECT_TRUE(all.services.empty());
}

TEST(Selection, TheFirstByNameWithWhatTheRestNeeds) {
  const auto two = selected(view(), {{"most", "2"}});
  EXPECT_EQ(names(two), "api/2 api/9 ");
  EXPECT_EQ(two.all, 4u);
  ASSERT_EQ(two.services.size(), 2u);
  EXPECT_EQ(two.services[0].service, "web");
  EXPECT_EQ(two.services[0].new_flows, 12u);
}

TEST(Selection, WhatNeedsActionComesFirst) {
  auto ill = view();
  ill.backends[0].health.emplace().state = "down";
  ill.backends[1].next_hop_resolved = false;
  EXPECT_EQ(names(selected(ill, {{"most", "2"}})), "web/1 web/3 ");
  ill.backends[0].state = "disabled";
  EXPECT_EQ(names(selected(ill, {{"most", "2"}})), "web/1 api/2 ");
}

TEST(Selection, AWordIsFoundAnywhereInSmallAndLargeLetters) {
  EXPECT_EQ(names(selected(view(), {{"find", "WEB"}})), "web/1 web/3 ");
  EXPECT_EQ(names(selected(view(), {{"find", "api-pool"}})), "api/2 api/9 ");
  EXPECT_EQ(names(selected(view(), {{"find", "10.0.2.3"}})), "web/3 ");
  const auto none = selected(view(), {{"find", "nobody"}});
  EXPECT_EQ(none.all, 0u);
  EXPECT_EQ(none.services.size(), 2u);
}

TEST(Selection, OtherWordsAreRefused) {
  EXPECT_FALSE(Selection::in({{"most", "many"}}));
  EXPECT_FALSE(Selection::in({{"most", "-1"}}));
  EXPECT_FALSE(Selection::in({{"pool", "7"}}));
}

TEST(Selection, FlowsMayBeAskedForWithoutABackend) {
  report::FlowsView view;
  view.backends = {{"web", "web", "1", "active", 3}, {"web", "web", "2", "active", 4}};
  select(*Selection::in({{"most", "0"}}), view);
  EXPECT_TRUE(view.backends.empty());
}

}  // namespace
}  // namespace steadfast
