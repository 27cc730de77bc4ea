// SPDX-License-Identifier: Apache-2.0
// Which rules take health checks away, and which only look as if they did.
#include "sound_host.h"

namespace steadfast {
namespace {

using host::NftField;
using host::NftMatch;
using host::NftVerdict;

host::NftRule rule(std::vector<NftMatch> matches, NftVerdict verdict = NftVerdict::drop) {
  host::NftRule one;
  one.handle = 7;
  one.text = "some words drop";
  one.matches = std::move(matches);
  one.action.verdict = verdict;
  return one;
}

host::NftChain chain(const std::string& hook, std::vector<host::NftRule> rules,
                     const std::string& family = "inet") {
  host::NftChain one{family, "filter", hook, hook, 0, false, {}, std::move(rules)};
  return one;
}

Findings with(host::NftChain one, const std::string& file = sound_file()) {
  return doctor_says(broken([&](host::HostFacts& f) { f.nft->push_back(std::move(one)); }), file);
}

const NftMatch kToService{NftField::destination_port, "tcp dport", false, {"443"}};
const NftMatch kFromService{NftField::source_port, "tcp sport", false, {"443"}};
const NftMatch kToBackends{NftField::destination, "ip daddr", false, {"10.0.2.0/24"}};
const NftMatch kFromBackends{NftField::source, "ip saddr", false, {"10.0.2.0/24"}};

TEST(Netfilter, ThatDropsChecksIsNamedWithTableChainHandleAndWords) {
  const Finding finding = the_only("SF712", with(chain("output", {rule({kToService})})));
  EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_EQ(finding.object, "host/nft/inet/filter/output");
  EXPECT_EQ(finding.message,
            "nft chain inet filter output, handle 7 (some words drop) would drop health checks of backend "
            "\"web-01\" of pool \"web\" and 1 more");
  EXPECT_NE(finding.fix.find("nft delete rule inet filter output handle 7"), std::string::npos);
}

TEST(Netfilter, IsJudgedAtEveryHookThatChecksMeet) {
  for (const char* hook : {"output", "postrouting"})
    the_only("SF712", with(chain(hook, {rule({kToBackends})})));
  for (const char* hook : {"prerouting", "input"}) {
    const Finding finding = the_only("SF712", with(chain(hook, {rule({kFromBackends})})));
    EXPECT_NE(finding.message.find("answers to health checks"), std::string::npos);
  }
  auto ingress = chain("ingress", {rule({kFromService})}, "netdev");
  ingress.devices = {"eth0"};
  the_only("SF712", with(ingress));
  ingress.devices = {"eth9"};
  EXPECT_TRUE(with(ingress).empty());
}

// XDP takes and sends users' packets, and the tunnel of a check is made behind the last hook.
TEST(Netfilter, DoesNotSeeTunnelsVipsOrForwardedPackets) {
  const NftMatch tunnel{NftField::protocol, "ip protocol", false, {"ipip"}};
  const NftMatch gue{NftField::destination_port, "udp dport", false, {"6080"}};
  const NftMatch vip{NftField::destination, "ip daddr", false, {"192.0.2.10"}};
  EXPECT_TRUE(with(chain("output", {rule({tunnel}), rule({gue}), rule({vip})})).empty());
  EXPECT_TRUE(with(chain("forward", {rule({kToService}), rule({})})).empty());
}

TEST(Netfilter, AnswersBelongToAConnectionAndRequestsBeginOne) {
  const NftMatch established{NftField::state, "ct state", false, {"established", "related"}};
  auto guarded = chain("input", {rule({established}, NftVerdict::accept)});
  guarded.drops_by_default = true;
  EXPECT_TRUE(with(guarded).empty());
  auto closed = chain("output", {rule({established}, NftVerdict::accept)});
  closed.drops_by_default = true;
  const Finding finding = the_only("SF712", with(closed));
  EXPECT_NE(finding.message.find("the policy of nft chain inet filter output"), std::string::npos);
  EXPECT_EQ(finding.fix, "nft insert rule inet filter output ip daddr 10.0.2.11 accept");
}

// Before tracking has seen a packet, nobody knows its state.
TEST(Netfilter, StateIsUnknownBeforeConnectionTracking) {
  const NftMatch established{NftField::state, "ct state", false, {"established"}};
  auto early = chain("prerouting", {rule({established})});
  the_only("SF712", with(early));
  early.priority = -300;
  EXPECT_TRUE(with(early).empty());
}

TEST(Netfilter, HurtsOnlyWhoIsChecked) {
  std::string unchecked = sound_file();
  const auto health = unchecked.find("health = ");
  unchecked.erase(health, unchecked.find('\n', health) + 1 - health);
  EXPECT_TRUE(with(chain("output", {rule({kToService})}), unchecked).empty());
}

TEST(Netfilter, IsJudgedByTheProtocolOfTheCheck) {
  const NftMatch udp{NftField::protocol, "meta l4proto", false, {"udp"}};
  EXPECT_TRUE(with(chain("output", {rule({udp})})).empty());
  std::string dns = sound_file();
  dns.replace(dns.find("type = \"tcp\""), 12, "type = \"udp\"");
  the_only("SF712", with(chain("output", {rule({udp})}), dns));
}

TEST(Netfilter, IsJudgedByThePortOfTheCheckToo) {
  std::string elsewhere = sound_file();
  elsewhere.replace(elsewhere.find("rise = 2 }"), 10, "rise = 2, port = 8080, independent = true }");
  const NftMatch port{NftField::destination_port, "tcp dport", false, {"8080"}};
  the_only("SF712", with(chain("output", {rule({port})}), elsewhere));
}

TEST(Netfilter, OfTheOtherFamilyIsNoMatter) {
  EXPECT_TRUE(with(chain("output", {rule({})}, "ip6")).empty());
  the_only("SF712", with(chain("output", {rule({})}, "ip")));
}

TEST(Netfilter, KnowsTheInterfaceThatChecksLeaveBy) {
  const auto by = [](const char* name) { return NftMatch{NftField::output, "meta oifname", false, {name}}; };
  the_only("SF712", with(chain("output", {rule({by("eth*"), kToService})})));
  EXPECT_TRUE(with(chain("output", {rule({by("wg0"), kToService})})).empty());
}

}  // namespace
}  // namespace steadfast
