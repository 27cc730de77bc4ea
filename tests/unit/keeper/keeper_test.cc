// SPDX-License-Identifier: Apache-2.0
// The keeper between a prober that the test plays and a clock that it moves.
#include "keeper/keeper.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "files.h"

namespace steadfast {
namespace {

using namespace std::chrono_literals;
using health::Outcome;

probe::ProbeResult ended(const probe::ProbeRequest& request, Outcome outcome) {
  probe::ProbeResult result;
  result.id = request.id;
  result.outcome = outcome;
  result.duration = 1ms;
  return result;
}

class Keepers : public testing::Test {
 protected:
  void run(const std::string& text) { run(model_of(text)); }
  void run(const Model& model) {
    keeper.adopt({++revision, model, hops_for(model)}, {*Address::parse("198.51.100.9"), {}});
  }
  void run_web(int backends) { run(web_of(backends)); }

  // The outcome of whatever is asked of this backend, and of the others.
  Outcome answer(const probe::ProbeRequest& request) const {
    const bool path = request.path.has_value();
    const auto& failing = path ? failing_paths : failing_addresses;
    return failing.contains(request.backend.address.text()) ? Outcome::no_answer : Outcome::passed;
  }

  // What is due is asked, and answered at once.
  std::size_t probe() {
    std::vector<probe::ProbeResult> results;
    for (const probe::ProbeRequest& request : keeper.due_probes())
      results.push_back(ended(request, answer(request)));
    keeper.take(results);
    return results.size();
  }

  void publish() {
    if (const auto overlay = keeper.overlay_due()) {
      keeper.published(*overlay, 1ms);
      overlays.push_back(*overlay);
    }
  }

  void pass(health::Time time) {
    for (const health::Time until = now + time; now < until;) {
      now += 100ms;
      probe();
      if (now.count() % 1'000'000'000 == 0) keeper.tick();
      publish();
    }
  }

  void count(const std::vector<MemberCounts>& members) { keeper.count({++readings, revision, members}); }

  void fails(int backend) {
    const std::string address = "10.0.2." + std::to_string(10 + backend);
    failing_paths.insert(address);
    failing_addresses.insert(address);
  }

  BackendHealth of(const std::string& name) const {
    for (const PoolHealth& pool : keeper.report().pools)
      for (const BackendHealth& backend : pool.backends)
        if (backend.name == name) return backend;
    ADD_FAILURE() << "no backend " << name;
    return {};
  }
  std::string state(const std::string& name) const { return of(name).state; }
  bool alerts(const std::string& words) const {
    const auto alerts = keeper.status().alerts;
    return std::any_of(alerts.begin(), alerts.end(),
                       [&](const std::string& alert) { return alert.find(words) != std::string::npos; });
  }

  health::Time now = 1000s;
  Keeper keeper{7, [this] { return now; }};
  std::uint64_t revision = 0, readings = 0;
  std::set<std::string> failing_paths, failing_addresses;
  std::vector<health::Overlay> overlays;
};

TEST_F(Keepers, AsksNobodyBeforeSomethingRuns) {
  EXPECT_TRUE(keeper.due_probes().empty());
  EXPECT_EQ(keeper.until_next(5s), 5s);
  EXPECT_TRUE(keeper.report().pools.empty());
}

TEST_F(Keepers, AsksEveryBackendWithinItsInterval) {
  run_web(4);
  EXPECT_LE(keeper.until_next(5s), 2s);
  pass(2s);
  std::uint64_t probes = 0;
  for (const std::uint64_t count : keeper.report().figures.probes) probes += count;
  EXPECT_GE(probes, 4u);
  for (const char* name : {"web-01", "web-02", "web-03", "web-04"}) EXPECT_EQ(of(name).outcome, "passed");
}

// The first generation after a start forwards as the file says.
TEST_F(Keepers, NobodyIsOutBeforeAProbeSaidSo) {
  run_web(4);
  keeper.tick();
  EXPECT_FALSE(keeper.overlay_due());
  EXPECT_EQ(state("web-01"), "up");
  EXPECT_EQ(of("web-01").reason, "unproven");
}

TEST_F(Keepers, ABackendThatFailsGoesOutOnceAndIsExamined) {
  run_web(4);
  pass(4s);
  fails(1);
  pass(10s);
  ASSERT_EQ(overlays.size(), 1u);
  EXPECT_FALSE(overlays[0].of("web", "web-01").in);
  EXPECT_EQ(state("web-01"), "down");
  EXPECT_EQ(keeper.report().figures.published, 1u);
  ASSERT_EQ(keeper.next_case(), (Cases::Name{"web", "web-01"}));
  keeper.note_case({"web", "web-01"}, {{"web", "SF801", "10.0.2.11:80 is silent", "", false}});
  EXPECT_EQ(of("web-01").fault, "SF801: 10.0.2.11:80 is silent");
  EXPECT_TRUE(alerts("SF801 backend/web/web-01: 10.0.2.11:80 is silent"));
}

// The daemon is started again: nobody gets flows that did not get them before.
TEST_F(Keepers, WhatOneKnewTheNextBeginsWith) {
  run_web(4);
  pass(4s);
  fails(1);
  pass(10s);
  const Recollection known = keeper.recollection();
  ASSERT_EQ(known.size(), 4u);
  EXPECT_EQ(known[0].standing, "down");
  EXPECT_TRUE(known[0].out);
  EXPECT_EQ(known[1].standing, "passing");
  EXPECT_EQ(overlay_of(known), overlays.back());

  Keeper next(8, [this] { return now; });
  next.adopt({1, web_of(4), hops_for(web_of(4))}, {*Address::parse("198.51.100.9"), {}});
  next.recall(known);
  EXPECT_FALSE(next.overlay_due()) << "packets follow it already";
  next.tick();
  EXPECT_FALSE(next.overlay_due());
  EXPECT_EQ(next.report().pools[0].backends[0].state, "down");
  EXPECT_EQ(next.report().pools[0].backends[1].reason, "passed");
  EXPECT_EQ(next.recollection().size(), 4u);
}

TEST_F(Keepers, ABackendThatMovedMeanwhileIsAnother) {
  run_web(4);
  pass(4s);
  fails(1);
  pass(10s);
  Recollection known = keeper.recollection();
  known[0].address = "10.0.2.99";
  Keeper next(8, [this] { return now; });
  next.adopt({1, web_of(4), hops_for(web_of(4))}, {*Address::parse("198.51.100.9"), {}});
  next.recall(known);
  EXPECT_EQ(next.report().pools[0].backends[0].state, "up");
  ASSERT_TRUE(next.overlay_due()) << "it was out by its name";
}

TEST_F(Keepers, OfPoolsInWhichNobodyIsOutNothingIsKept) {
  run_web(4);
  pass(4s);
  EXPECT_TRUE(keeper.recollection().empty());
}

TEST_F(Keepers, AServerThatIsNotItsPoolsIsTold) {
  run_web(4);
  std::vector<probe::ProbeResult> results;
  for (now += 2s; const probe::ProbeRequest& request : keeper.due_probes()) {
    results.push_back(ended(request, Outcome::passed));
    results.back().identity = request.backend.address.text() == "10.0.2.13" ? "old" : "new";
  }
  keeper.take(results);
  EXPECT_EQ(of("web-03").stranger, "answers as old, 3 of 4 in its pool as new");
  EXPECT_EQ(of("web-01").stranger, "");
  run_web(2);
  EXPECT_EQ(of("web-01").stranger, "") << "what it differed from is gone";
}

TEST_F(Keepers, ItComesBackStepByStep) {
  run_web(4);
  fails(1);
  pass(12s);
  ASSERT_EQ(state("web-01"), "down");
  keeper.note_case({"web", "web-01"}, {{"web", "SF801", "10.0.2.11:80 is silent", "", false}});
  failing_paths.clear();
  pass(10s);
  EXPECT_EQ(of("web-01").reason, "warming");
  EXPECT_LT(of("web-01").share, 1);
  EXPECT_EQ(of("web-01").fault, "");
  pass(40s);
  EXPECT_EQ(of("web-01").share, 1);
  EXPECT_TRUE(overlays.back().shares.empty());
}

TEST_F(Keepers, APathThatFailsWhereTheAddressAnswersIsDeaf) {
  run_web(4);
  failing_paths = {"10.0.2.11"};
  pass(30s);
  EXPECT_EQ(state("web-01"), "deaf");
  EXPECT_TRUE(alerts("SF805 backend/web/web-01"));
}

TEST_F(Keepers, TheFloorHoldsAndSaysSoAlsoAfterAReload) {
  run_web(4);
  pass(4s);
  for (const int backend : {1, 2, 3}) fails(backend);
  pass(40s);
  EXPECT_EQ(keeper.report().pools[0].serving, 2u);
  EXPECT_TRUE(alerts("SF910 pool/web"));
  run(lab_config(
      service("web", "192.0.2.10") +
      pool(member("web-01", "10.0.2.11") + member("web-02", "10.0.2.12") + member("web-03", "10.0.2.13"))));
  pass(1s);
  EXPECT_TRUE(alerts("SF910 pool/web"));
  EXPECT_EQ(keeper.report().pools[0].serving, 2u);
}

TEST_F(Keepers, WithoutAWayOutNothingIsAskedAndNobodyGoesOut) {
  keeper.set_path_problem("attaching probe_egress to eth0: Operation not permitted");
  run_web(4);
  pass(20s);
  EXPECT_EQ(keeper.status().frozen, "no-probe-leaves");
  EXPECT_TRUE(alerts("attaching probe_egress to eth0"));
  EXPECT_TRUE(overlays.empty());
  EXPECT_EQ(of("web-01").outcome, "local-error");
  keeper.set_path_problem("");
  pass(4s);
  EXPECT_EQ(keeper.status().frozen, "");
}

TEST_F(Keepers, WhenEverythingFailsAtOnceItIsThisHost) {
  run(lab_config(service("web", "192.0.2.10") + service("api", "192.0.2.20", "tcp", "api") +
                 pool(members(4)) +
                 pool(member("api-01", "10.0.2.21") + member("api-02", "10.0.2.22"), kTcpCheck, "api")));
  pass(6s);
  for (int i = 1; i <= 12; ++i) fails(i);
  pass(20s);
  EXPECT_EQ(keeper.status().frozen, "all-fail");
  EXPECT_GT(keeper.status().frozen_s, 0);
  EXPECT_FALSE(keeper.next_case()) << "a backend would be blamed for what is wrong here";
  keeper.note_case({"web", "web-01"}, {{"web", "SF801", "10.0.2.11:80 is silent", "", false}});
  EXPECT_EQ(of("web-01").fault, "");
  EXPECT_TRUE(overlays.empty());
}

TEST_F(Keepers, AProbeThatEndsAfterItsBackendMovedSaysNothing) {
  run_web(1);
  now += 2s;
  const auto requests = keeper.due_probes();
  ASSERT_FALSE(requests.empty());
  run(lab_config(service("web", "192.0.2.10") + pool(member("web-01", "10.0.2.99"))));
  for (const auto& request : requests) keeper.take({ended(request, Outcome::no_answer)});
  EXPECT_EQ(of("web-01").outcome, "");
}

TEST_F(Keepers, AProbeThatEndsAfterItsBackendIsGoneIsForgotten) {
  run_web(2);
  now += 2s;
  const auto requests = keeper.due_probes();
  run_web(1);
  for (const auto& request : requests) keeper.take({ended(request, Outcome::passed)});
  EXPECT_EQ(keeper.report().figures.running, 0u);
  pass(4s);
}

TEST_F(Keepers, FlowsAreCountedWhileSomebodyDrains) {
  run_web(2);
  EXPECT_FALSE(keeper.wants_flows());
  run(lab_config(service("web", "192.0.2.10") +
                 pool(member("web-01", "10.0.2.11", "state = \"drain\"\n") + member("web-02", "10.0.2.12"))));
  EXPECT_TRUE(keeper.wants_flows());
  count({{{}, health::FlowsLeft{3, 200}}, {{}, health::FlowsLeft{9, 300}}});
  keeper.tick();
  EXPECT_EQ(of("web-01").flows_left, 3u);
  EXPECT_EQ(of("web-01").quiet_in_s, 200u);
  EXPECT_EQ(of("web-02").flows_left, std::nullopt);
  count({{{}, health::FlowsLeft{}}, {{}, health::FlowsLeft{9, 300}}});
  keeper.tick();
  EXPECT_EQ(state("web-01"), "drained");
}

TEST_F(Keepers, AnOverlayThatDidNotReachThePacketsIsTriedAgainAndTold) {
  run_web(4);
  pass(4s);
  fails(1);
  while (!keeper.overlay_due()) {
    now += 100ms;
    probe();
    keeper.tick();
  }
  keeper.not_published("writing the slot: no memory");
  EXPECT_TRUE(alerts("does not reach the packets: writing the slot"));
  now += 1s;
  publish();
  EXPECT_EQ(overlays.size(), 1u);
  EXPECT_FALSE(alerts("does not reach"));
}

TEST_F(Keepers, ASilentBackendIsFoundByUsersHandshakes) {
  run_web(4);
  std::uint64_t flows = 0;
  for (int second = 0; second < 20; ++second) {
    pass(1s);
    flows += 20;
    std::vector<MemberCounts> counts;
    for (int i = 1; i <= 4; ++i) counts.push_back({{flows, i == 1 ? 0 : flows}, {}});
    count(counts);
    keeper.tick();
  }
  EXPECT_EQ(state("web-01"), "deaf");
  EXPECT_EQ(of("web-01").reason, "silent");
  ASSERT_FALSE(overlays.empty());
  EXPECT_FALSE(overlays[0].of("web", "web-01").in);
}

TEST_F(Keepers, CountsOfAnotherRevisionAreOfOtherBackends) {
  run_web(2);
  run(lab_config(service("web", "192.0.2.10") +
                 pool(member("web-01", "10.0.2.11", "state = \"drain\"\n") + member("web-02", "10.0.2.12"))));
  keeper.count({1, revision - 1, {{{}, health::FlowsLeft{3, 200}}, {{}, {}}}});
  keeper.tick();
  EXPECT_EQ(of("web-01").flows_left, std::nullopt);
}

TEST_F(Keepers, TheUnwellAreThoseThatAreNotUp) {
  run_web(4);
  pass(4s);
  EXPECT_TRUE(keeper.unwell().pools.empty());
  fails(2);
  pass(20s);
  const HealthReport unwell = keeper.unwell();
  ASSERT_EQ(unwell.pools.size(), 1u);
  EXPECT_EQ(unwell.pools[0].active, 4u);
  ASSERT_EQ(unwell.pools[0].backends.size(), 1u);
  EXPECT_EQ(unwell.pools[0].backends[0].name, "web-02");
  EXPECT_EQ(unwell.pools[0].backends[0].state, "down");
  EXPECT_EQ(unwell.figures.probes, keeper.report().figures.probes);
}

TEST_F(Keepers, WarmingGoesOnWithoutNews) {
  run_web(4);
  pass(4s);
  fails(1);
  pass(20s);
  failing_paths.clear();
  failing_addresses.clear();
  while (state("web-01") != "up") pass(1s);
  const std::size_t published = overlays.size();
  for (int second = 0; second < 8; ++second) {
    now += 1s;
    keeper.tick();
    publish();
  }
  EXPECT_GT(overlays.size(), published);
}

TEST_F(Keepers, AProbeThatBeganLateIsCounted) {
  run_web(2);
  pass(4s);
  now += 10s;
  probe();
  EXPECT_GT(keeper.report().figures.late, 0u);
}

}  // namespace
}  // namespace steadfast
