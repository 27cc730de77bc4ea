// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/clients.h"

#include <gtest/gtest.h>

#include "bpf/abi.h"

namespace steadfast::rehearsal {
namespace {

Service service(const std::vector<const char*>& allow, const std::vector<const char*>& deny) {
  Service made;
  made.vip = *Address::parse("192.0.2.10");
  for (const char* prefix : allow) made.allow.emplace_back(*Prefix::parse(prefix));
  for (const char* prefix : deny) made.deny.emplace_back(*Prefix::parse(prefix));
  return made;
}

std::string first_welcome(const Service& service) {
  const auto clients = welcome_clients(service, 1);
  return clients.empty() ? "nobody" : clients.front().text();
}

TEST(Clients, ComeFromDocumentationWhereTheyMay) {
  EXPECT_EQ(first_welcome(service({}, {})), "203.0.113.7");
  EXPECT_EQ(first_welcome(service({}, {"203.0.113.0/24"})), "198.51.100.7");
  EXPECT_EQ(welcome_clients(service({}, {}), 4).size(), 4u);
}

TEST(Clients, AreOfTheAllowListWhereOnlyItIsLetIn) {
  EXPECT_EQ(first_welcome(service({"10.0.0.0/8"}, {})), "10.0.0.0");
  EXPECT_EQ(first_welcome(service({"10.0.0.0/8"}, {"10.0.0.0/9"})), "10.128.0.0");
  EXPECT_EQ(welcome_clients(service({"10.0.0.1"}, {}), 4).size(), 1u);
}

TEST(Clients, AreNobodyWhereAllAreRefused) { EXPECT_EQ(first_welcome(service({}, {"0.0.0.0/0"})), "nobody"); }

TEST(Clients, AreFoundAwayFromDocumentationToo) {
  EXPECT_EQ(first_welcome(service({}, {"128.0.0.0/1"})), "1.0.0.1");
}

TEST(Clients, ThatAreRefusedKnowTheirVerdict) {
  EXPECT_FALSE(refused_client(service({}, {})));
  const auto denied = refused_client(service({}, {"10.0.0.0/8"}));
  ASSERT_TRUE(denied);
  EXPECT_EQ(denied->address.text(), "10.0.0.0");
  EXPECT_EQ(denied->verdict, static_cast<std::uint32_t>(SF_SOURCE_DENIED));
  EXPECT_EQ(refused_client(service({"10.0.0.0/8"}, {}))->verdict,
            static_cast<std::uint32_t>(SF_SOURCE_NOT_ALLOWED));
}

}  // namespace
}  // namespace steadfast::rehearsal
