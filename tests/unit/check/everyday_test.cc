// SPDX-License-Identifier: Apache-2.0
// Everyday changes on services full of users: none may ever be refused.
#include <gtest/gtest.h>

#include "changes.h"

namespace steadfast {
namespace {

using Refusals = std::vector<std::string>;

const std::string kDrain = "state = \"drain\"\n";
std::string file(const std::string& members) {
  return head() + service("web", "web") + pool("web") + members;
}

Refusals refused(const std::string& before, const std::string& after) {
  return refusals(change(before, after));
}

class PoolOf : public testing::TestWithParam<int> {};

TEST_P(PoolOf, MayDrainOne) {
  const int n = GetParam();
  const std::string drained =
      backends(n - 1) + backend("b" + std::to_string(1000 + n), "10.0.2." + std::to_string(n), 100, kDrain);
  EXPECT_EQ(refused(file(backends(n)), file(drained)), Refusals{});
}

TEST_P(PoolOf, MayUndrainOne) {
  const int n = GetParam();
  const std::string drained =
      backends(n - 1) + backend("b" + std::to_string(1000 + n), "10.0.2." + std::to_string(n), 100, kDrain);
  EXPECT_EQ(refused(file(drained), file(backends(n))), Refusals{});
}

TEST_P(PoolOf, MayLoseOneAndGetOne) {
  const int n = GetParam();
  EXPECT_EQ(refused(file(backends(n + 1)), file(backends(n))), Refusals{});
  EXPECT_EQ(refused(file(backends(n)), file(backends(n + 1))), Refusals{});
}

TEST_P(PoolOf, MayRenumberOne) {
  const int n = GetParam();
  const std::string renumbered = backends(n - 1) + backend("b" + std::to_string(1000 + n), "10.0.2.200", 100);
  EXPECT_EQ(refused(file(backends(n)), file(renumbered)), Refusals{});
}

TEST_P(PoolOf, MayNudgeWeights) {
  const int n = GetParam();
  EXPECT_EQ(refused(file(backends(n)), file(backends(1, "10.0.2.", 1, 120) + backends(n - 1, "10.0.2.", 2))),
            Refusals{});
  EXPECT_EQ(refused(file(backends(n)), file(backends(n, "10.0.2.", 1, 10))), Refusals{});
}

TEST_P(PoolOf, MayDouble) {
  const int n = GetParam();
  if (n > 10) return;
  EXPECT_EQ(refused(file(backends(n)), file(backends(2 * n))), Refusals{});
}

INSTANTIATE_TEST_SUITE_P(Everyday, PoolOf, testing::Values(2, 3, 4, 8, 20));

TEST(Everyday, AServiceComesWithItsPool) {
  for (const int members : {1, 4, 12, 40}) {
    const std::string before = file(backends(4));
    const std::string after =
        before + service("api", "api", "192.0.2.11") + pool("api") + backends(members, "10.0.3.");
    EXPECT_EQ(refused(before, after), Refusals{}) << members;
  }
}

TEST(Everyday, AServiceIsRenamed) {
  const std::string before = file(backends(4));
  EXPECT_EQ(refused(before, replaced(before, "[[service]]\nname = \"web\"", "[[service]]\nname = \"front\"")),
            Refusals{});
}

TEST(Everyday, APoolIsRenamed) {
  const std::string before = file(backends(4));
  const std::string after = head() + service("web", "front") + pool("front") + backends(4);
  EXPECT_EQ(refused(before, after), Refusals{});
}

TEST(Everyday, AnUnusedPoolIsRemoved) {
  const std::string before = file(backends(40)) + pool("old") + backends(4, "10.0.3.");
  EXPECT_EQ(refused(before, file(backends(40))), Refusals{});
}

TEST(Everyday, AServiceWithoutUsersIsRemoved) {
  const std::string before = file(backends(4)) + service("api", "web", "192.0.2.11");
  ChangeFacts facts;
  facts.traffic = busy(model_from(file(backends(4))), Model{});
  EXPECT_EQ(refusals(change(before, file(backends(4)), facts)), Refusals{});
}

TEST(Everyday, NothingChanges) { EXPECT_TRUE(change(file(backends(4)), file(backends(4))).empty()); }

}  // namespace
}  // namespace steadfast
