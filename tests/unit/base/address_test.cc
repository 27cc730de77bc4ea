// SPDX-License-Identifier: Apache-2.0
#include "base/address.h"

#include <gtest/gtest.h>

namespace steadfast {
namespace {

TEST(Address, ReadsBothFamiliesAndWritesThemBack) {
  for (const char* text :
       {"192.0.2.1", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::", "::ffff:192.0.2.1"}) {
    const auto address = Address::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), text);
  }
}

TEST(Address, RefusesWhatIsNotNumeric) {
  for (const char* text : {"", "localhost", "192.0.2", "192.0.2.256", "192.0.2.1/24", "2001:db8::g",
                           "fe80::1%eth0", " 192.0.2.1"})
    EXPECT_FALSE(Address::parse(text)) << text;
}

TEST(Address, KnowsItsKind) {
  EXPECT_TRUE(Address::parse("0.0.0.0")->is_unspecified());
  EXPECT_TRUE(Address::parse("127.3.2.1")->is_loopback());
  EXPECT_TRUE(Address::parse("::1")->is_loopback());
  EXPECT_FALSE(Address::parse("2001:db8::1")->is_loopback());
  EXPECT_TRUE(Address::parse("224.0.0.1")->is_multicast());
  EXPECT_TRUE(Address::parse("ff02::1")->is_multicast());
  EXPECT_TRUE(Address::parse("169.254.1.1")->is_link_local());
  EXPECT_TRUE(Address::parse("febf::1")->is_link_local());
  EXPECT_FALSE(Address::parse("fec0::1")->is_link_local());
  EXPECT_TRUE(Address::parse("255.255.255.255")->is_limited_broadcast());
}

TEST(Prefix, ABareAddressIsAllBits) {
  EXPECT_EQ(Prefix::parse("192.0.2.1")->length, 32u);
  EXPECT_EQ(Prefix::parse("2001:db8::1")->length, 128u);
  EXPECT_EQ(Prefix::parse("192.0.2.1")->host_bits(), 0u);
}

TEST(Prefix, ContainsItsOwnAndNoOther) {
  const auto prefix = *Prefix::parse("198.51.100.128/25");
  EXPECT_TRUE(prefix.contains(*Address::parse("198.51.100.255")));
  EXPECT_FALSE(prefix.contains(*Address::parse("198.51.100.127")));
  EXPECT_FALSE(prefix.contains(*Address::parse("c633:6480::")));
  EXPECT_EQ(Prefix::parse("198.51.100.200/25")->network().text(), "198.51.100.128/25");
}

TEST(Prefix, RefusesLengthsThatDoNotExist) {
  for (const char* text :
       {"192.0.2.0/33", "2001:db8::/129", "192.0.2.0/", "192.0.2.0/x", "192.0.2.0/-1", "/24"})
    EXPECT_FALSE(Prefix::parse(text)) << text;
}

TEST(Mac, ReadsAndWrites) {
  EXPECT_EQ(Mac::parse("02:00:00:0A:0b:ff")->text(), "02:00:00:0a:0b:ff");
  for (const char* text :
       {"", "02:00:00:00:00", "02:00:00:00:00:00:00", "02-00-00-00-00-00", "02:00:00:00:00:0g"})
    EXPECT_FALSE(Mac::parse(text)) << text;
}

}  // namespace
}  // namespace steadfast
