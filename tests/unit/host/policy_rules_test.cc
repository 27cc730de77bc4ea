// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include "host/readers.h"
#include "kernel/route_messages.h"

namespace steadfast::host {
namespace {

struct Rule : Message<fib_rule_hdr> {
  Rule(std::uint8_t family, std::uint32_t priority, std::uint32_t table) : Message(RTM_NEWRULE, 0) {
    (*this)->family = family;
    (*this)->action = FR_ACT_TO_TBL;
    mnl_attr_put_u32(header(), FRA_PRIORITY, priority);
    mnl_attr_put_u32(header(), FRA_TABLE, table);
  }
};

TEST(PolicyRules, ThatEveryHostHasAreNoNews) {
  EXPECT_FALSE(policy_rule_in(Rule(AF_INET, 0, RT_TABLE_LOCAL).header()));
  EXPECT_FALSE(policy_rule_in(Rule(AF_INET, 32766, RT_TABLE_MAIN).header()));
  EXPECT_FALSE(policy_rule_in(Rule(AF_INET6, 32766, RT_TABLE_MAIN).header()));
  EXPECT_FALSE(policy_rule_in(Rule(AF_INET, 32767, RT_TABLE_DEFAULT).header()));
}

TEST(PolicyRules, OfOthersAreDescribed) {
  Rule rule(AF_INET, 100, 200);
  rule->src_len = 8;
  rule.put(FRA_SRC, *Address::parse("10.0.0.0"));
  mnl_attr_put_u32(rule.header(), FRA_FWMARK, 16);
  const auto read = policy_rule_in(rule.header());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->family, Family::v4);
  EXPECT_EQ(read->priority, 100U);
  EXPECT_EQ(read->text, "from 10.0.0.0/8 fwmark 0x10 lookup 200");
}

TEST(PolicyRules, AStandardOneWithASelectorIsNone) {
  Rule rule(AF_INET, 32766, RT_TABLE_MAIN);
  mnl_attr_put_strz(rule.header(), FRA_IIFNAME, "eth0");
  EXPECT_EQ(policy_rule_in(rule.header())->text, "iif eth0 lookup 254");
}

}  // namespace
}  // namespace steadfast::host
