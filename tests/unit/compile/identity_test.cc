// SPDX-License-Identifier: Apache-2.0
#include "compile/identity.h"

#include <gtest/gtest.h>

namespace steadfast {
namespace {

ServiceIdentity service(std::uint16_t port) { return {*Address::parse("192.0.2.10"), port, 6}; }

TEST(Ids, AreStableAndStartAtOne) {
  IdTable<ServiceIdentity> ids(4);
  EXPECT_EQ(ids.assign(service(80)), 1u);
  EXPECT_EQ(ids.assign(service(81)), 2u);
  EXPECT_EQ(ids.assign(service(80)), 1u);
}

TEST(Ids, RestInQuarantineAfterTheirOwnerIsGone) {
  IdTable<ServiceIdentity> ids(2);
  ids.assign(service(80));
  ids.assign(service(81));
  ids.retain({service(81)});
  EXPECT_TRUE(ids.quarantined()[1]);
  EXPECT_EQ(ids.assign(service(82)), 0u) << "the only other id is in quarantine";
  ids.release();
  EXPECT_EQ(ids.assign(service(82)), 1u);
}

TEST(Ids, FreshOnesComeBeforeRecycledOnes) {
  IdTable<ServiceIdentity> ids(3);
  ids.assign(service(80));
  ids.retain({});
  ids.release();
  EXPECT_EQ(ids.assign(service(81)), 2u);
}

TEST(Ids, ACameBackOwnerGetsAFreshId) {
  IdTable<ServiceIdentity> ids(3);
  ids.assign(service(80));
  ids.retain({});
  EXPECT_EQ(ids.assign(service(80)), 2u);
}

TEST(Ids, AdoptedOnesAreKept) {
  IdTable<ServiceIdentity> ids(9);
  ids.adopt(service(80), 7);
  EXPECT_EQ(ids.assign(service(80)), 7u);
  EXPECT_DEATH(ids.adopt(service(81), 7), "one owner");
}

}  // namespace
}  // namespace steadfast
