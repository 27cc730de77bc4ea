// SPDX-License-Identifier: Apache-2.0
#include "doctor/nft_walk.h"

#include <gtest/gtest.h>

namespace steadfast::doctor {
namespace {

using host::NftAction;
using host::NftChain;
using host::NftField;
using host::NftMatch;
using host::NftRule;
using host::NftRuleset;
using host::NftVerdict;

const NftMatch kPort80{NftField::destination_port, "tcp dport", false, {"80"}};
const NftMatch kPort22{NftField::destination_port, "tcp dport", false, {"22"}};
const NftMatch kSometimes{NftField::other, "limit", false, {}};

NftRule when(std::vector<NftMatch> matches, NftAction action) {
  NftRule rule;
  rule.matches = std::move(matches);
  rule.action = std::move(action);
  return rule;
}

const NftAction kDrop{NftVerdict::drop, {}};
const NftAction kAccept{NftVerdict::accept, {}};
const NftAction kReturn{NftVerdict::leave, {}};
NftAction jump(const char* chain) { return {NftVerdict::jump, chain}; }
NftAction go_to(const char* chain) { return {NftVerdict::go_to, chain}; }

NftChain chain_of(const char* name, std::vector<NftRule> rules) {
  NftChain chain{"inet", "filter", name, "", 0, false, {}, std::move(rules)};
  return chain;
}

Passing packet() {
  Passing one;
  one.protocol = 6;
  one.destination = Address::parse("10.0.2.11");
  one.destination_port = 80;
  one.state = "new";
  one.output = "eth0";
  one.input = "-";
  return one;
}

bool drops(std::vector<NftRule> rules, std::vector<NftChain> others = {}, bool policy = false) {
  NftRuleset ruleset{chain_of("base", std::move(rules))};
  ruleset.front().drops_by_default = policy;
  for (NftChain& other : others) ruleset.push_back(std::move(other));
  return walk(ruleset, ruleset.front(), packet()).has_value();
}

TEST(Walk, TakesTheFirstRuleThatIsMeant) {
  EXPECT_TRUE(drops({when({kPort80}, kDrop)}));
  EXPECT_FALSE(drops({when({kPort22}, kDrop)}));
  EXPECT_FALSE(drops({when({kPort80}, kAccept), when({}, kDrop)}));
  EXPECT_TRUE(drops({when({kPort22}, kAccept), when({}, kDrop)}));
  EXPECT_FALSE(drops({}));
  EXPECT_TRUE(drops({}, {}, true));
}

TEST(Walk, NamesTheRuleThatDropped) {
  const NftRuleset ruleset{chain_of("base", {when({}, jump("extra"))}),
                           chain_of("extra", {when({kPort80}, kDrop)})};
  const auto dropped = walk(ruleset, ruleset.front(), packet());
  ASSERT_TRUE(dropped.has_value());
  EXPECT_EQ(dropped->chain->name, "extra");
  EXPECT_EQ(dropped->rule, &ruleset[1].rules[0]);
}

// Nobody is told that a rule drops what it may let pass.
TEST(Walk, DoesNotAccuseOnAPerhaps) {
  EXPECT_FALSE(drops({when({kSometimes}, kDrop)}));
  EXPECT_FALSE(drops({when({kSometimes}, kAccept), when({}, kDrop)}));
  EXPECT_TRUE(drops({when({kSometimes}, kDrop), when({}, kDrop)}));
  EXPECT_FALSE(drops({when({kSometimes}, go_to("extra")), when({}, kDrop)}, {chain_of("extra", {})}));
  EXPECT_FALSE(drops({when({kSometimes}, kReturn), when({}, kDrop)}));
  EXPECT_TRUE(drops({when({kSometimes}, jump("extra")), when({}, kDrop)}, {chain_of("extra", {})}));
  EXPECT_FALSE(
      drops({when({kSometimes}, jump("extra")), when({}, kDrop)}, {chain_of("extra", {when({}, kAccept)})}));
}

TEST(Walk, AMatchThatFailsOutweighsOneThatIsUnknown) {
  EXPECT_TRUE(drops({when({kSometimes, kPort22}, kAccept), when({}, kDrop)}));
}

TEST(Walk, JumpsComeBackAndGotosDoNot) {
  const NftChain empty = chain_of("extra", {when({kPort22}, kDrop)});
  EXPECT_TRUE(drops({when({}, jump("extra")), when({}, kDrop)}, {empty}));
  EXPECT_FALSE(drops({when({}, go_to("extra")), when({}, kDrop)}, {empty}));
  EXPECT_TRUE(drops({when({}, go_to("extra")), when({}, kAccept)}, {empty}, true));
  EXPECT_TRUE(drops({when({}, jump("extra")), when({}, kDrop)},
                    {chain_of("extra", {when({}, kReturn), when({}, kAccept)})}));
  EXPECT_FALSE(drops({when({}, jump("absent")), when({}, kDrop)}));
}

NftRule mapped(NftField field, const char* key, std::vector<std::pair<host::NftValues, NftAction>> entries) {
  NftRule rule;
  rule.map.emplace();
  rule.map->field = field;
  rule.map->key = key;
  rule.map->entries = std::move(entries);
  return rule;
}

TEST(Walk, FollowsVerdictMaps) {
  const auto map = [](NftAction of_80) {
    return mapped(NftField::destination_port, "tcp dport", {{{"22"}, kAccept}, {{"80"}, of_80}});
  };
  EXPECT_TRUE(drops({map(kDrop)}));
  EXPECT_FALSE(drops({map(kAccept), when({}, kDrop)}));
  EXPECT_TRUE(drops({map(jump("extra"))}, {chain_of("extra", {when({}, kDrop)})}));
  EXPECT_TRUE(drops({mapped(NftField::destination_port, "tcp dport", {{{"22"}, kAccept}}), when({}, kDrop)}));
  EXPECT_FALSE(drops({mapped(NftField::other, "", {}), when({}, kDrop)}));  // may do anything
}

TEST(Walk, NegationHoldsForPacketsTheRuleIsAbout) {
  const NftMatch not22{NftField::destination_port, "tcp dport", true, {"22"}};
  const NftMatch udp{NftField::destination_port, "udp dport", true, {"53"}};
  const NftMatch ipv6{NftField::destination, "ip6 daddr", true, {"2001:db8::/32"}};
  EXPECT_TRUE(drops({when({not22}, kDrop)}));
  EXPECT_FALSE(drops({when({udp}, kDrop)}));
  EXPECT_FALSE(drops({when({ipv6}, kDrop)}));
}

TEST(Walk, ReadsRangesPrefixesAndWildcards) {
  const auto port = [](const char* value) {
    return NftMatch{NftField::destination_port, "th dport", false, {"22", value}};
  };
  EXPECT_TRUE(drops({when({port("8-100")}, kDrop)}));
  EXPECT_FALSE(drops({when({port("81-100")}, kDrop)}));
  const auto to = [](const char* value) {
    return NftMatch{NftField::destination, "ip daddr", false, {value}};
  };
  EXPECT_TRUE(drops({when({to("10.0.2.11")}, kDrop)}));
  EXPECT_TRUE(drops({when({to("10.0.0.0/8")}, kDrop)}));
  EXPECT_TRUE(drops({when({to("10.0.2.1-10.0.2.20")}, kDrop)}));
  EXPECT_FALSE(drops({when({to("10.0.2.12-10.0.2.20")}, kDrop)}));
  const auto by = [](const char* value) {
    return NftMatch{NftField::output, "meta oifname", false, {value}};
  };
  EXPECT_TRUE(drops({when({by("et*")}, kDrop)}));
  EXPECT_FALSE(drops({when({by("wg*")}, kDrop)}));
  const NftMatch from{NftField::input, "meta iif", false, {"eth0"}};
  EXPECT_FALSE(drops({when({from}, kDrop)}));
}

// Of what is not known of a packet nothing is claimed.
TEST(Walk, UnknownPartsOfAPacketAreAPerhaps) {
  const NftMatch source{NftField::source, "ip saddr", false, {"10.0.2.1"}};
  EXPECT_FALSE(drops({when({source}, kDrop)}));
  EXPECT_FALSE(drops({when({source}, kAccept), when({}, kDrop)}));
}

TEST(Walk, ChainsThatNeverEndAreGivenUp) {
  EXPECT_FALSE(
      drops({when({}, jump("loop")), when({}, kDrop)}, {chain_of("loop", {when({}, jump("loop"))})}));
}

}  // namespace
}  // namespace steadfast::doctor
