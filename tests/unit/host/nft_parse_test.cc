// SPDX-License-Identifier: Apache-2.0
// A ruleset as nft 1.0.6 lists it (nft/ruleset.*), and what is understood of it.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "host/nft.h"

namespace steadfast::host {
namespace {

std::string text_of(const std::string& name) {
  std::ifstream file(std::string(STEADFAST_SOURCE_DIR) + "/tests/unit/host/nft/" + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Ruleset : public testing::Test {
 protected:
  Ruleset() {
    auto parsed = parse_nft(text_of("ruleset.json"), text_of("ruleset.nft"));
    EXPECT_TRUE(parsed) << parsed.error().what;
    if (parsed) chains_ = std::move(*parsed);
  }

  const NftChain& chain(const std::string& name) const {
    for (const NftChain& one : chains_)
      if (one.name == name) return one;
    ADD_FAILURE() << name;
    return chains_.front();
  }
  const NftRule& rule(const std::string& name, std::uint64_t handle) const {
    for (const NftRule& one : chain(name).rules)
      if (one.handle == handle) return one;
    ADD_FAILURE() << handle;
    return chain(name).rules.front();
  }

  NftRuleset chains_;
};

TEST_F(Ruleset, HasChainsWithHookPriorityAndPolicy) {
  ASSERT_EQ(chains_.size(), 5U);
  EXPECT_EQ(chain("extra").hook, "");
  EXPECT_EQ(chain("output").hook, "output");
  EXPECT_FALSE(chain("output").drops_by_default);
  EXPECT_TRUE(chain("input").drops_by_default);
  EXPECT_EQ(chain("input").priority, -5);
  EXPECT_EQ(chain("input").family, "inet");
  EXPECT_EQ(chain("input").table, "filter");
}

TEST_F(Ruleset, HasTheDevicesThatJsonLeavesOut) {
  EXPECT_EQ(chain("ing").devices, std::vector<std::string>{"lo"});
  EXPECT_EQ(chain("ing2").devices, (std::vector<std::string>{"eth7", "lo"}));
}

TEST_F(Ruleset, KeepsTheWordsOfEachRule) {
  EXPECT_EQ(rule("output", 14).text, "oifname { \"eth0\", \"eth1\" } tcp dport 80 reject with tcp reset");
  EXPECT_EQ(rule("ing2", 4).text, "ip saddr 1.2.3.4 drop");
}

TEST_F(Ruleset, ResolvesNamedSets) {
  const NftRule& extra = rule("extra", 6);
  ASSERT_EQ(extra.matches.size(), 2U);
  EXPECT_EQ(extra.matches[0].field, NftField::destination);
  EXPECT_EQ(extra.matches[0].values, (NftValues{"10.0.2.0/24", "10.1.0.1-10.1.0.9"}));
  EXPECT_EQ(extra.matches[1].values, (NftValues{"80", "8000-8999"}));
  EXPECT_EQ(extra.action.verdict, NftVerdict::drop);
}

TEST_F(Ruleset, ReadsStatesProtocolsAndInterfaces) {
  EXPECT_EQ(rule("output", 7).matches[0].values, (NftValues{"established", "related"}));
  EXPECT_EQ(rule("output", 7).action.verdict, NftVerdict::accept);
  EXPECT_EQ(rule("output", 11).matches[0].field, NftField::protocol);
  EXPECT_EQ(rule("output", 11).action.chain, "extra");
  EXPECT_EQ(rule("output", 12).matches[0].field, NftField::output);
  EXPECT_EQ(rule("output", 12).matches[1].values, NftValues{"ipip"});
  EXPECT_EQ(rule("output", 14).action.verdict, NftVerdict::drop);  // a reject
  EXPECT_EQ(rule("input", 20).matches[0].field, NftField::input);
  EXPECT_TRUE(rule("input", 28).matches[0].negated);
  EXPECT_TRUE(rule("input", 27).matches[0].negated);
}

TEST_F(Ruleset, ReadsComparisonsOfPortsAsRanges) {
  EXPECT_EQ(rule("input", 25).matches[0].values, NftValues{"1024-65535"});
}

TEST_F(Ruleset, ReadsVerdictMaps) {
  const NftRule& by_state = rule("output", 9);
  ASSERT_TRUE(by_state.map.has_value());
  EXPECT_EQ(by_state.map->field, NftField::state);
  EXPECT_EQ(by_state.map->entries[0].first, NftValues{"invalid"});
  EXPECT_EQ(by_state.map->entries[0].second.verdict, NftVerdict::drop);
  EXPECT_EQ(rule("output", 19).map->entries[1].second.chain, "extra");
}

// Nobody may take a rule half understood for one understood.
TEST_F(Ruleset, MarksWhatItDoesNotUnderstand) {
  EXPECT_EQ(rule("output", 15).matches[1].field, NftField::other);      // meta mark
  EXPECT_EQ(rule("output", 16).matches.back().field, NftField::other);  // limit
  EXPECT_EQ(rule("output", 17).matches[0].field, NftField::other);      // tcp flags
  EXPECT_EQ(rule("input", 24).matches[0].field, NftField::other);       // a concatenation
}

TEST(NftParse, SaysWhatIsWrongWithSomethingElse) {
  EXPECT_FALSE(parse_nft("{}", ""));
  EXPECT_FALSE(parse_nft("{\"nftables\": [", ""));
  EXPECT_TRUE(parse_nft("{\"nftables\": []}", ""));
}

TEST(NftParse, TakesANamedVerdictMapForOneThatMayDoAnything) {
  const auto parsed = parse_nft(
      R"({"nftables": [{"chain": {"family": "ip", "table": "t", "name": "c", "handle": 1}},
          {"rule": {"family": "ip", "table": "t", "chain": "c", "handle": 2, "expr": [
            {"vmap": {"key": {"payload": {"protocol": "tcp", "field": "dport"}}, "data": "@ports"}}]}}]})",
      "");
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->front().rules.size(), 1U);
  EXPECT_EQ(parsed->front().rules[0].map->field, NftField::other);
}

}  // namespace
}  // namespace steadfast::host
