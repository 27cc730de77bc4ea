// SPDX-License-Identifier: Apache-2.0
// Whatever byte of a row is changed, the difference has a name and both values.
#include "audit/fields.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

namespace steadfast::audit {
namespace {

template <typename Row>
class EveryLayout : public testing::Test {};

using Layouts =
    testing::Types<sf_slot, sf_selector, sf_bucket, sf_range, sf_ring_line, sf_service, sf_backend>;
TYPED_TEST_SUITE(EveryLayout, Layouts);

TYPED_TEST(EveryLayout, HasANameForEveryByteThatIsFlipped) {
  for (std::size_t at = 0; at < sizeof(TypeParam); ++at) {
    const TypeParam desired{};
    TypeParam found{};
    reinterpret_cast<unsigned char*>(&found)[at] = 0x41;
    const auto differences = differing(desired, found);
    ASSERT_EQ(differences.size(), 1u) << at;
    EXPECT_FALSE(differences[0].field.empty()) << at;
    EXPECT_NE(differences[0].desired, differences[0].found) << at;
  }
}

TYPED_TEST(EveryLayout, NamesEveryFieldOnce) {
  std::set<std::string> names;
  for (const Field& field : fields_of<TypeParam>())
    EXPECT_TRUE(names.insert(field.name).second) << field.name;
}

TYPED_TEST(EveryLayout, FindsNothingInEqualRows) {
  TypeParam row;
  std::memset(static_cast<void*>(&row), 0x5a, sizeof row);
  EXPECT_TRUE(differing(row, row).empty());
}

TEST(Fields, NamesTheElementOfAList) {
  sf_bucket found{};
  found.way[3] = 0x1234;
  const auto differences = differing(sf_bucket{}, found);
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0].field, "way[3]");
  EXPECT_EQ(differences[0].found, "0x1234");
}

TEST(Fields, NamesWhatIsInsideAnother) {
  sf_slot found{};
  found.wide[0][1].count = 7;
  found.members[2].bond = 9;
  const auto differences = differing(sf_slot{}, found);
  ASSERT_EQ(differences.size(), 2u);
  EXPECT_EQ(differences[0].field, "wide[0][1].count");
  EXPECT_EQ(differences[0].found, "7");
  EXPECT_EQ(differences[1].field, "members[2].bond");
}

TEST(Fields, ShowsAHeaderWhole) {
  sf_backend found{};
  found.ethernet[13] = 0xdd;
  const auto differences = differing(sf_backend{}, found);
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0].field, "ethernet");
  EXPECT_EQ(differences[0].found, "00000000000000000000000000dd");
}

TEST(Fields, ShowsAddressesAsTheyStandOnTheWire) {
  sf_service found{};
  const unsigned char vip[] = {192, 0, 2, 10};
  std::memcpy(&found.key.addr[0], vip, sizeof vip);
  const auto differences = differing(sf_service{}, found);
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0].field, "key.addr[0]");
  EXPECT_EQ(differences[0].found, "c000020a");
}

}  // namespace
}  // namespace steadfast::audit
