// SPDX-License-Identifier: Apache-2.0
#include "control/adopt.h"

#include "balancer_lab.h"

namespace steadfast {
namespace {

TEST(Adopt, FindsTheIdsThatTheKernelRuns) {
  Lab lab(Engine::host, three());
  Identities adopted(lab.model().limits);
  ASSERT_TRUE(adopt(lab.memory(), adopted));
  EXPECT_EQ(adopted.services.ids(), lab.identities().services.ids());
  EXPECT_EQ(adopted.backends.ids(), lab.identities().backends.ids());
}

TEST(Adopt, FindsNothingWhereNothingRuns) {
  HostKernel kernel(capacity_for(model_of(two()).limits, 1));
  Identities adopted(model_of(two()).limits);
  ASSERT_TRUE(adopt(kernel.memory(), adopted));
  EXPECT_TRUE(adopted.services.ids().empty());
}

TEST(Adopt, RefusesTwoRowsForOneOwner) {
  Lab lab(Engine::host, two());
  Memory& memory = lab.memory();
  const std::size_t first = std::size_t{live_slot(memory)} * memory.capacity.backends + 1;
  memory.backends[first + 1] = memory.backends[first];
  Identities adopted(lab.model().limits);
  const auto done = adopt(memory, adopted);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().what.find("twice"), std::string::npos);
}

// A later fragment of a train would follow the number to its next owner.
TEST(Adopt, LetsIdsRestThatFragmentsName) {
  Lab lab(Engine::host, two());
  Memory& memory = lab.memory();
  memory.fragments[0].way[3] = std::uint64_t{9} << SF_FLOW_BACKEND_SHIFT | 1;
  memory.flows[0].way[3] = std::uint64_t{8} << SF_FLOW_BACKEND_SHIFT | 1;
  Identities adopted(lab.model().limits);
  ASSERT_TRUE(adopt(memory, adopted));
  EXPECT_TRUE(adopted.backends.quarantined()[8]);
  EXPECT_TRUE(adopted.backends.quarantined()[9]);
  EXPECT_FALSE(adopted.backends.quarantined()[10]);
}

}  // namespace
}  // namespace steadfast
