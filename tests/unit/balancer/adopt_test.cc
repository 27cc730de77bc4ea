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

}  // namespace
}  // namespace steadfast
