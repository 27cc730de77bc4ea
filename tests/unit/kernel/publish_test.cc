// SPDX-License-Identifier: Apache-2.0
// Publishing fails whole: whatever goes wrong before the flip, the running
// generation stays.
#include "kernel/publish.h"

#include <gtest/gtest.h>

#include "support/lab.h"

namespace steadfast {
namespace {

std::string pool_of(int backends) {
  std::string toml =
      "[[service]]\nname = \"web\"\nvip = \"192.0.2.10\"\nprotocol = \"tcp\"\nport = 80\nforward = \"ipip\"\n"
      "pool = \"web\"\n[[pool]]\nname = \"web\"\n";
  for (int i = 1; i <= backends; ++i)
    toml += "[[pool.backend]]\nname = \"web-" + std::to_string(i) + "\"\naddress = \"10.0.2." +
            std::to_string(i) + "\"\nweight = 1\n";
  return lab_config(toml);
}

// The host engine, with a fault where the test wants one.
class FaultyKernel final : public Kernel {
 public:
  explicit FaultyKernel(const sf_capacity& capacity) : host_(capacity) {}
  std::string_view engine() const override { return "host"; }
  Memory& memory() override { return host_.memory(); }
  Result<Answer> run(std::span<const std::uint8_t> frame) override { return host_.run(frame); }
  Result<Answer> run_dry(std::span<const std::uint8_t> frame, std::uint32_t slot) override {
    return host_.run_dry(frame, slot);
  }
  Result<void> wait_for_packets() override {
    if (never_ends) return Error{"packets never end"};
    return {};
  }
  Result<ProgramStats> stats() override { return host_.stats(); }

  bool never_ends = false;

 private:
  HostKernel host_;
};

Tables tables_of(const Model& model, std::uint64_t generation = 1) {
  Identities identities(model.limits);
  auto tables = compile(model, generation, identities, hops_for(model));
  EXPECT_TRUE(tables);
  return std::move(*tables);
}

TEST(Publisher, WritesIntoASlotThatIsNotLive) {
  const Model model = model_of(pool_of(2));
  HostKernel kernel(capacity_for(model.limits, 1));
  Publisher publisher(kernel);
  const auto slot = publisher.write(tables_of(model));
  ASSERT_TRUE(slot);
  EXPECT_EQ(live_slot(kernel.memory()), SF_NO_SLOT);
  publisher.flip(*slot);
  EXPECT_EQ(live_slot(kernel.memory()), *slot);
}

TEST(Publisher, ASlotWhosePacketsDoNotEndIsNotWritten) {
  const Model model = model_of(pool_of(2));
  FaultyKernel kernel(capacity_for(model.limits, 1));
  Publisher publisher(kernel);
  ASSERT_TRUE(publisher.publish(tables_of(model)));
  const std::uint32_t live = live_slot(kernel.memory());
  ASSERT_TRUE(publisher.publish(tables_of(model, 2)));
  ASSERT_TRUE(publisher.publish(tables_of(model, 3)));
  kernel.never_ends = true;
  Publisher restarted(kernel);
  const auto published = restarted.publish(tables_of(model, 4));
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().what, "waiting for packets to leave the slot: packets never end");
  EXPECT_EQ(kernel.memory().slots[live_slot(kernel.memory())].generation, 3u);
  EXPECT_EQ(live, 0u);
}

TEST(Publisher, AFullArenaIsAnErrorAndTheOldGenerationStays) {
  const Model model = model_of(pool_of(20));
  sf_capacity capacity = capacity_for(model.limits, 1);
  capacity.ring_lines = 130;  // one ring of 4,096 entries and no second
  HostKernel kernel(capacity);
  Publisher publisher(kernel);
  ASSERT_TRUE(publisher.publish(tables_of(model)));
  Model other = model_of(pool_of(21));
  const auto published = publisher.publish(tables_of(other, 2));
  ASSERT_FALSE(published);
  EXPECT_NE(published.error().what.find("arena"), std::string::npos);
  EXPECT_EQ(kernel.memory().slots[live_slot(kernel.memory())].generation, 1u);
}

TEST(Publisher, ARowOutsideTheArenaIsNotFollowed) {
  const Model model = model_of(pool_of(3));
  HostKernel kernel(capacity_for(model.limits, 1));
  Publisher publisher(kernel);
  ASSERT_TRUE(publisher.publish(tables_of(model)));
  for (sf_service& row : kernel.memory().services)
    if (row.active != 0) row.ring_line = 0xfffffff0;
  EXPECT_TRUE(publisher.publish(tables_of(model, 2)));
}

TEST(Publisher, ReadsBackEveryTable) {
  const Model model = model_of(pool_of(3));
  HostKernel kernel(capacity_for(model.limits, 1));
  Publisher publisher(kernel);
  const Tables tables = tables_of(model);
  ASSERT_TRUE(publisher.publish(tables));
  const Memory& memory = kernel.memory();
  const std::size_t slot = live_slot(memory);
  EXPECT_EQ(memory.services[slot * memory.capacity.services + 1].active, 1u);
  EXPECT_EQ(memory.backends[slot * memory.capacity.backends + 3].state, SF_BACKEND_ACTIVE);
  EXPECT_EQ(memory.backends[slot * memory.capacity.backends + 4].state, SF_BACKEND_ABSENT);
}

TEST(Memory, TablesHaveTheSizeThatTheLimitsAskFor) {
  const sf_capacity capacity = capacity_for({{10}, {20}, {1000}}, 3);
  for (const TableSize& table : table_sizes(capacity)) {
    const std::string name = table.name;
    EXPECT_TRUE(name != "sf_backends" || table.rows == SF_SLOTS * 21u);
    EXPECT_TRUE(name != "sf_counts" || table.rows == 3u * 11 * SF_VERDICT_ROOM);
    EXPECT_LE(name.size(), 15u) << "the kernel cuts longer names";
  }
}

// What a service and a backend cost, whatever the limits: nothing is taken that
// the configuration did not ask for.
TEST(Memory, SmallLimitsTakeLittle) {
  EXPECT_LT(memory_bytes(capacity_for({{1}, {2}, {1000}}, 2)), 64u * 1024);
}

TEST(Publisher, RowsBeyondATableAreAnErrorAndTheOldGenerationStays) {
  const Model model = model_of(pool_of(2));
  sf_capacity capacity = capacity_for(model.limits, 1);
  capacity.ranges = 2;
  HostKernel kernel(capacity);
  Publisher publisher(kernel);
  ASSERT_TRUE(publisher.publish(tables_of(model)));
  std::string denying = pool_of(2);
  denying.replace(denying.find("pool = \"web\"\n"), 13, "pool = \"web\"\ndeny = [\"10.0.0.0/8\"]\n");
  const auto published = publisher.publish(tables_of(model_of(denying), 2));
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().what,
            "sf_ranges has 2 rows for a generation, and this one needs 3; raise [limits]");
  EXPECT_EQ(kernel.memory().slots[live_slot(kernel.memory())].generation, 1u);
}

}  // namespace
}  // namespace steadfast
