// SPDX-License-Identifier: Apache-2.0
#include "counters/reading.h"

#include <gtest/gtest.h>

namespace steadfast {
namespace {

// Tables of three CPUs, every counter another number: one in another's place is seen.
class Readings : public testing::Test {
 protected:
  Readings() {
    memory.capacity.cpus = 3;
    memory.capacity.services = 5;
    memory.capacity.backends = 7;
    counts.resize(3 * SF_VERDICT_ROOM * 5);
    backend_counts.resize(3 * 7);
    flow_counts.resize(3 * 7);
    std::uint64_t next = 1;
    for (sf_count& count : counts) count = {next, next + 1}, next += 2;
    for (sf_count& count : backend_counts) count = {next, next + 1}, next += 2;
    for (sf_flow_count& flows : flow_counts) {
      flows = {next, next + 1, next + 2, next + 3, next + 4, next + 5, {}};
      next += 6;
    }
    memory.counts = counts;
    memory.backend_counts = backend_counts;
    memory.flow_counts = flow_counts;
  }

  std::vector<sf_count> counts, backend_counts;
  std::vector<sf_flow_count> flow_counts;
  Memory memory;
};

TEST_F(Readings, HaveWhatEveryRowHasByItself) {
  const Reading reading = read_counters(memory);
  ASSERT_EQ(reading.services.size(), 5u);
  ASSERT_EQ(reading.backends.size(), 7u);
  for (std::uint32_t id = 0; id < 5; ++id)
    for (std::uint32_t verdict = 0; verdict < SF_VERDICT_COUNT; ++verdict) {
      EXPECT_EQ(reading.services[id][verdict].packets, service_counts(memory, id)[verdict].packets);
      EXPECT_EQ(reading.services[id][verdict].bytes, service_counts(memory, id)[verdict].bytes);
    }
  for (std::uint32_t id = 0; id < 7; ++id)
    EXPECT_EQ(reading.backends[id], steadfast::backend_counts(memory, id)) << id;
}

TEST_F(Readings, AddUpAllCpus) {
  const auto of = [&](std::size_t cpu) {
    return counts[(cpu * SF_VERDICT_ROOM + SF_FORWARDED) * 5 + 4].packets;
  };
  EXPECT_EQ(read_counters(memory).services[4][SF_FORWARDED].packets, of(0) + of(1) + of(2));
}

}  // namespace
}  // namespace steadfast
