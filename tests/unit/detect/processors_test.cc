// SPDX-License-Identifier: Apache-2.0
#include "detect/processors.h"

#include <gtest/gtest.h>

namespace steadfast::detect {
namespace {

const std::string kWeb = "tcp 192.0.2.10:443";

class ProcessorsTest : public testing::Test {
 protected:
  // A second in which each CPU has so many packets, and drops so many of them.
  void second(const std::vector<std::uint64_t>& packets, const std::vector<std::uint64_t>& dropped) {
    auto& cpus = counters_[kWeb];
    cpus.resize(packets.size());
    for (std::size_t cpu = 0; cpu < cpus.size(); ++cpu)
      cpus[cpu].packets += packets[cpu], cpus[cpu].configuration += dropped[cpu];
    processors_.take(counters_);
  }
  auto excess() const { return processors_.excess(kWeb, Cause::configuration); }

  CpuCountsOf counters_;
  Processors processors_;
};

TEST_F(ProcessorsTest, OneOnWhichEverythingIsLostIsNamed) {
  for (int s = 0; s < 10; ++s) second({100, 100, 100, 100}, {0, 0, 30, 0});
  ASSERT_TRUE(excess());
  EXPECT_EQ(excess()->cpu, 2u);
  EXPECT_NEAR(excess()->dropped_share, 1, 1e-9);
  EXPECT_NEAR(excess()->packet_share, 0.25, 1e-9);
  EXPECT_FALSE(processors_.excess(kWeb, Cause::sender));
  EXPECT_FALSE(processors_.excess("tcp 192.0.2.10:25", Cause::configuration));
}

TEST_F(ProcessorsTest, WhatAllLoseAlikeIsNobodys) {
  for (int s = 0; s < 10; ++s) second({400, 100, 100, 100}, {120, 30, 32, 28});
  EXPECT_FALSE(excess());
}

TEST_F(ProcessorsTest, ACpuThatHasAllPacketsHasAllDrops) {
  for (int s = 0; s < 10; ++s) second({400, 0}, {120, 0});
  EXPECT_FALSE(excess());
}

TEST_F(ProcessorsTest, AHandfulSaysNothing) {
  second({100, 100, 100, 100}, {0, 0, 0, 0});
  second({100, 100, 100, 100}, {0, 0, 12, 0});
  EXPECT_FALSE(excess());
}

TEST_F(ProcessorsTest, WhatWasCountedBeforeItWasWatchedIsNotNew) {
  second({100'000, 100'000}, {0, 50'000});
  EXPECT_FALSE(excess());
  counters_.clear();
  for (int s = 0; s < 10; ++s) second({100, 100}, {15, 15});
  EXPECT_FALSE(excess());
}

TEST_F(ProcessorsTest, MoreThanItsShareIsNotAll) {
  for (int s = 0; s < 60; ++s) second({100, 100, 100, 100}, {20, 20, 60, 20});
  EXPECT_FALSE(excess());
}

TEST_F(ProcessorsTest, WhatAFewClientsWouldDoIsNotNamed) {
  second({0, 0}, {0, 0});
  second({700, 300}, {4, 18});
  EXPECT_FALSE(excess());
}

}  // namespace
}  // namespace steadfast::detect
