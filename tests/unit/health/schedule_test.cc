// SPDX-License-Identifier: Apache-2.0
#include "health/schedule.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "fleet.h"

namespace steadfast::health {
namespace {

Task task(int backend, Time interval = 2s, const std::string& in = "web") {
  return {{in, "b" + std::to_string(backend), Kind::path, in}, interval, true};
}

std::vector<Task> tasks(int number, Time interval = 2s) {
  std::vector<Task> list;
  for (int i = 0; i < number; ++i) list.push_back(task(i, interval));
  return list;
}

constexpr unsigned kMany = 1000000;

TEST(Tasks, AskEveryServiceOfAPoolAndTheAddressLessOften) {
  Model made = model({pool("web", 1)});
  made.services.push_back(made.services[0]);
  made.services[1].name = "api";
  made.services.push_back(made.services[0]);
  made.services[2].state = ServiceState::parked;
  const auto list = tasks_of(made);
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].target, (Target{"web", "b1", Kind::address, ""}));
  EXPECT_EQ(list[0].interval, 10s);
  EXPECT_EQ(list[1].target, (Target{"web", "b1", Kind::path, "web"}));
  EXPECT_EQ(list[1].interval, 2s);
  EXPECT_EQ(list[2].target.service, "api");
}

TEST(Tasks, AskTheAddressFirstWhenIndependent) {
  Model made = model({pool("web", 1)});
  made.pools[0].health->independent = true;
  EXPECT_EQ(tasks_of(made)[0].interval, 2s);
  EXPECT_TRUE(tasks_of(made)[0].decisive);
  EXPECT_EQ(tasks_of(made)[1].interval, 10s);
}

TEST(Tasks, SkipTheDisabledAndPoolsWithoutACheck) {
  Model made = model({pool("web", 2), pool("raw", 2)});
  made.pools[0].backends[0].state = BackendState::disabled;
  made.pools[0].backends[1].state = BackendState::drain;
  made.pools[1].health.reset();
  for (const Task& t : tasks_of(made)) EXPECT_EQ(t.target.backend, "b2");
  EXPECT_EQ(tasks_of(made).size(), 2u);
}

TEST(Schedule, SpreadsTenThousandOverTheirInterval) {
  Schedule schedule(7, kMany);
  schedule.assign(tasks(10000), 100s);
  for (int tenth = 1; tenth <= 10; ++tenth) {
    const auto due = schedule.take_due(100s + tenth * 200ms);
    EXPECT_GT(due.size(), 850u);
    EXPECT_LT(due.size(), 1150u);
  }
  EXPECT_EQ(schedule.running(), 10000u);
  EXPECT_FALSE(schedule.next());
}

TEST(Schedule, RepeatsWithinTenPercentOfTheInterval) {
  Schedule schedule(7, kMany);
  schedule.assign(tasks(1), 0s);
  Time last = *schedule.next();
  std::set<Time> gaps;
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(schedule.take_due(last).size(), 1u);
    schedule.finish(task(0).target, last + 500ms);
    gaps.insert(*schedule.next() - last);
    last = *schedule.next();
  }
  EXPECT_GE(*gaps.begin(), 1800ms);
  EXPECT_LE(*gaps.rbegin(), 2200ms);
  EXPECT_GT(gaps.size(), 90u);
}

TEST(Schedule, DependsOnTheSeedAlone) {
  const auto first = [](std::uint64_t seed) {
    Schedule schedule(seed, kMany);
    schedule.assign(tasks(1), 0s);
    return *schedule.next();
  };
  EXPECT_EQ(first(7), first(7));
  EXPECT_NE(first(7), first(8));
}

TEST(Schedule, RunsNoMorePerPoolThanItMay) {
  Schedule schedule(7, 3);
  auto list = tasks(10);
  list.push_back(task(1, 2s, "api"));
  schedule.assign(list, 0s);
  const auto first = schedule.take_due(10s);
  EXPECT_EQ(first.size(), 4u);
  EXPECT_EQ(std::count_if(first.begin(), first.end(), [](const Target& t) { return t.pool == "web"; }), 3);
  const auto web = std::find_if(first.begin(), first.end(), [](const Target& t) { return t.pool == "web"; });
  schedule.finish(*web, 10s);
  const auto next = schedule.take_due(10s);
  ASSERT_EQ(next.size(), 1u);
  EXPECT_NE(next[0], *web);
}

TEST(Schedule, ALateProbeStartsTheNextAtOnce) {
  Schedule schedule(7, kMany);
  schedule.assign(tasks(1), 0s);
  schedule.take_due(10s);
  schedule.finish(task(0).target, 20s);
  EXPECT_EQ(schedule.next(), 20s);
}

TEST(Schedule, KeepsTheTimeOfThoseThatStay) {
  Schedule schedule(7, kMany);
  schedule.assign(tasks(1), 0s);
  const auto due = schedule.next();
  schedule.assign(tasks(1), 1s);
  EXPECT_EQ(schedule.next(), due);
  EXPECT_EQ(schedule.take_due(10s).size(), 1u);
}

TEST(Schedule, DropsThoseThatAreGoneAndTheirPlace) {
  Schedule schedule(7, 1);
  schedule.assign(tasks(2), 0s);
  const auto running = schedule.take_due(10s);
  ASSERT_EQ(running.size(), 1u);
  schedule.assign({}, 10s);
  EXPECT_EQ(schedule.running(), 1u);
  schedule.finish(running[0], 11s);
  EXPECT_EQ(schedule.running(), 0u);
  EXPECT_TRUE(schedule.take_due(1000s).empty());
}

TEST(Schedule, GoesOnWithATargetThatCameBackWhileItRan) {
  Schedule schedule(7, 1);
  schedule.assign(tasks(1), 0s);
  const auto running = schedule.take_due(10s);
  schedule.assign({}, 10s);
  schedule.assign(tasks(1), 10s);
  EXPECT_TRUE(schedule.take_due(100s).empty());
  schedule.finish(running[0], 100s);
  EXPECT_EQ(schedule.take_due(200s).size(), 1u);
}

TEST(Schedule, AShorterIntervalCountsFromNow) {
  Schedule schedule(7, kMany);
  schedule.assign(tasks(1, 1000s), 0s);
  schedule.assign(tasks(1, 1s), 0s);
  EXPECT_EQ(schedule.take_due(1s).size(), 1u);
  schedule.finish(task(0).target, 1s);
  EXPECT_EQ(schedule.take_due(5s).size(), 1u);
  EXPECT_TRUE(schedule.take_due(2000s).empty());
}

}  // namespace
}  // namespace steadfast::health
