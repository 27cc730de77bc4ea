// SPDX-License-Identifier: Apache-2.0
#include "check/change.h"

#include <gtest/gtest.h>

#include "changes.h"

namespace steadfast {
namespace {

using Refusals = std::vector<std::string>;

const std::string kDrain = "state = \"drain\"\n";

std::string file(const std::string& members, const std::string& keys = "min_healthy = \"50%\"\n" + kHealth) {
  return head() + service("web", "web") + pool("web", keys) + members;
}
std::string drained(int count, int first) {
  std::string text;
  for (int i = first; i < first + count; ++i)
    text += backend("b" + std::to_string(1000 + i), "10.0.2." + std::to_string(i), 100, kDrain);
  return text;
}
const std::string kApi = service("api", "web", "192.0.2.11");

// --- SF501

TEST(PoolShrinks, NamesTheShareAndTheBackends) {
  const auto found = only("SF501", change(file(backends(10)), file(backends(7) + drained(3, 8))));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].severity, Severity::gate);
  EXPECT_EQ(found[0].object, "pool/web");
  EXPECT_NE(found[0].message.find("30%"), std::string::npos) << found[0].message;
  EXPECT_NE(found[0].message.find("3 backends of 10"), std::string::npos) << found[0].message;
  EXPECT_TRUE(found[0].place);
  EXPECT_EQ(found[0].file, "edge.toml");
}

TEST(PoolShrinks, LetsAQuarterPass) {
  EXPECT_TRUE(only("SF501", change(file(backends(8)), file(backends(6)))).empty());
  EXPECT_FALSE(only("SF501", change(file(backends(7)), file(backends(5)))).empty());
}

TEST(PoolShrinks, CountsBackendsThatAreLeftWithNextToNoWeight) {
  const std::string after = file(backends(7) + backends(3, "10.0.2.", 8, 10));
  EXPECT_EQ(refusals(change(file(backends(10)), after)), Refusals{"SF501:pool/web"});
}

TEST(PoolShrinks, LetsAllWeightsFallTogether) {
  EXPECT_TRUE(only("SF501", change(file(backends(10)), file(backends(10, "10.0.2.", 1, 10)))).empty());
}

TEST(PoolShrinks, CountsAPoolThatIsRemoved) {
  const std::string before =
      file(backends(4)) + service("api", "api", "192.0.2.11") + pool("api") + backends(4, "10.0.3.");
  const auto found = only("SF501", change(before, file(backends(4)) + kApi));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].object, "pool/api");
  EXPECT_FALSE(found[0].place);
  EXPECT_NE(found[0].message.find("of the running file"), std::string::npos) << found[0].message;
}

TEST(PoolShrinks, SeesManySmallStepsAsOne) {
  ChangeFacts facts;
  facts.recent_weight["web"] = 1000;
  const auto found = only("SF501", change(file(backends(5)), file(backends(4)), facts));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].message.find("many small changes"), std::string::npos) << found[0].message;
  EXPECT_NE(found[0].message.find("40%"), std::string::npos) << found[0].message;
}

// Down to the floor that the pool has given itself, and a quarter without one.
TEST(PoolShrinks, ManySmallStepsMayReachTheFloorOfThePool) {
  ChangeFacts facts;
  facts.recent_weight["web"] = 1000;
  const auto steps = [&](int before, int after, const std::string& keys) {
    return only("SF501", change(file(backends(before), keys), file(backends(after), keys), facts)).size();
  };
  EXPECT_EQ(steps(6, 5, "min_healthy = \"50%\"\n"), 0u);
  EXPECT_EQ(steps(5, 4, "min_healthy = \"30%\"\n"), 0u);
  EXPECT_EQ(steps(5, 4, "min_healthy = 5\n"), 1u);
  EXPECT_EQ(steps(5, 4, "min_healthy = 4\n"), 0u);
  EXPECT_EQ(steps(4, 3, ""), 0u);
  EXPECT_EQ(steps(3, 2, ""), 1u);
}

TEST(PoolShrinks, LetsAPoolGrowHoweverLargeItWas) {
  ChangeFacts facts;
  facts.recent_weight["web"] = 1000;
  EXPECT_TRUE(only("SF501", change(file(backends(3)), file(backends(4)), facts)).empty());
  EXPECT_TRUE(only("SF501", change(file(backends(6)), file(backends(5)), facts)).empty());
}

// --- SF502 and SF504

TEST(ServiceRemoved, SaysWhatItCarried) {
  const auto findings = change(file(backends(4)) + kApi, file(backends(4)));
  EXPECT_EQ(refusals(findings), (Refusals{"SF502:service/api", "SF504:service/api"}));
  EXPECT_NE(only("SF502", findings)[0].message.find("1,000 packets/s"), std::string::npos);
}

TEST(ServiceRemoved, PassesForALiveOneWhenNobodyCounted) {
  const auto found = only("SF502", change(file(backends(4)) + kApi, file(backends(4)), ChangeFacts{}));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].message.find("nobody counted"), std::string::npos) << found[0].message;
}

TEST(ServiceRemoved, IsNoMatterWithoutPacketsLately) {
  ChangeFacts facts;
  facts.traffic.known = true;
  EXPECT_EQ(refusals(change(file(backends(4)) + kApi, file(backends(4)), facts)), Refusals{});
}

TEST(ServiceRemoved, WasParkedAndNobodyCounted) {
  const std::string parked = file(backends(4)) + kApi + "state = \"parked\"\n";
  EXPECT_EQ(refusals(change(parked, file(backends(4)), ChangeFacts{})), Refusals{});
}

TEST(FlowsDrop, WeighsTheServiceWithTheTrafficOfTheHost) {
  const std::string before = file(backends(4)) + kApi;
  ChangeFacts facts;
  facts.traffic = busy(model_from(before), Model{});
  facts.traffic.services["tcp 192.0.2.11:443"].packets_per_s = 430.615;
  const auto found = only("SF504", change(before, before + "state = \"parked\"\n", facts));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].object, "service/api");
  EXPECT_NE(found[0].message.find("30.1% of this host's traffic would get no forwarding result"),
            std::string::npos)
      << found[0].message;
}

TEST(FlowsDrop, IsSilentForAServiceWithoutUsers) {
  ChangeFacts facts;
  facts.traffic.known = true;
  const std::string before = file(backends(4)) + kApi;
  EXPECT_EQ(refusals(change(before, before + "state = \"parked\"\n", facts)), Refusals{});
  EXPECT_EQ(refusals(change(before, before + "state = \"parked\"\n", ChangeFacts{})),
            Refusals{"SF504:service/api"});
}

TEST(FlowsDrop, SeesABackendWithoutANextHop) {
  const Model before = model_from(file(backends(4)));
  NextHops hops;
  for (const Backend& backend : before.pools[0].backends) hops[*backend.address] = {};
  NextHops lost = hops;
  lost[*before.pools[0].backends[0].address].problem = "no route";
  ChangeFacts facts;
  Findings findings;
  check_change(&before, before, make_plan({&before, &hops}, {&before, &lost}, {}), facts, findings);
  ASSERT_EQ(refusals(findings), Refusals{"SF504:service/web"});
  EXPECT_NE(findings[0].message.find("25%"), std::string::npos) << findings[0].message;
}

// --- SF503, SF508, SF509

TEST(FlowsMove, WarnsAboveAFifth) {
  EXPECT_EQ(only("SF503", change(file(backends(6)), file(backends(7)))).size(), 0u);
  const auto found = only("SF503", change(file(backends(4)), file(backends(8))));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].severity, Severity::warn);
  EXPECT_NE(found[0].message.find("% of the new flows"), std::string::npos) << found[0].message;
}

TEST(FlowsMove, IsOneFindingForManyServices) {
  std::string services;
  for (int i = 0; i < 12; ++i) services += service("s" + std::to_string(i), "web", "192.0.2.20", 1000 + i);
  const auto found = only("SF503", change(file(backends(4)) + services, file(backends(8)) + services));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].object, "host");
  EXPECT_NE(found[0].message.find("13 services"), std::string::npos) << found[0].message;
}

TEST(HashSeed, IsAGateWithTheShareThatMoves) {
  const std::string before = file(backends(4));
  const auto found = only("SF508", change(before, replaced(before, "\"seed\"", "\"other\"")));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].message.find("75%"), std::string::npos) << found[0].message;
}

std::string with_keys(const std::string& text, const std::string& keys) {
  return replaced(text, "pool = \"web\"\n", "pool = \"web\"\n" + keys);
}

TEST(HashMode, IsAGateOnALiveServiceWithTheShareThatMoves) {
  const std::string before = file(backends(4)), after = with_keys(before, "hash = \"source\"\n");
  const auto found = only("SF508", change(before, after));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].object, "service/web");
  EXPECT_NE(found[0].message.find("75%"), std::string::npos) << found[0].message;
  ChangeFacts silent;
  silent.traffic.known = true;
  EXPECT_EQ(refusals(change(before, after, silent)), Refusals{});
}

// --- SF515

TEST(ClientsRefused, GatesMoreThanATenthOfThoseWhoAreWelcome) {
  const std::string before = file(backends(4));
  const auto refused = [&](const std::string& from, const std::string& keys) {
    return refusals(change(from, with_keys(before, keys)));
  };
  EXPECT_EQ(refused(before, "deny = [\"128.0.0.0/1\"]\n"), Refusals{"SF515:service/web"});
  EXPECT_EQ(refused(before, "allow = [\"10.0.0.0/8\"]\n"), Refusals{"SF515:service/web"});
  EXPECT_EQ(refused(before, "deny = [\"10.0.0.0/8\"]\n"), Refusals{});
  const std::string ours = with_keys(before, "allow = [\"10.0.0.0/8\"]\n");
  EXPECT_EQ(refused(ours, "allow = [\"10.0.0.0/9\"]\n"), Refusals{"SF515:service/web"});
  EXPECT_EQ(refused(ours, "allow = [\"10.0.0.0/7\"]\n"), Refusals{});
}

TEST(ClientsRefused, CountsTheWholeOfIPv6) {
  const std::string before = head() + service("web", "web", "2001:db8::10") + pool("web") + backends(4);
  const auto found = only("SF515", change(before, with_keys(before, "deny = [\"::/2\"]\n")));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].message.find("25%"), std::string::npos) << found[0].message;
}

// --- SF502

TEST(ServiceRemoved, IsNoLossWhenAWiderOneTakesItsPackets) {
  const std::string wide =
      replaced(service("wide", "web", "192.0.2.0/24"), "port = 443", "port = \"400-499\"");
  EXPECT_EQ(refusals(change(file(backends(4)) + wide, head() + wide + pool("web") + backends(4))),
            Refusals{});
}

TEST(ForwardMode, IsAGateOnALiveServiceOnly) {
  const std::string before = file(backends(4)), after = replaced(before, "ipip", "gue");
  EXPECT_EQ(refusals(change(before, after)), Refusals{"SF509:service/web"});
  ChangeFacts silent;
  silent.traffic.known = true;
  EXPECT_EQ(refusals(change(before, after, silent)), Refusals{});
  EXPECT_EQ(refusals(change(before, after, ChangeFacts{})), Refusals{"SF509:service/web"});
}

TEST(ForwardMode, MeansThePortOfGueToo) {
  const std::string before = replaced(file(backends(4)), "ipip", "gue");
  const std::string after = replaced(before, "hash_seed", "gue_port = 7000\nhash_seed");
  EXPECT_EQ(refusals(change(before, after)), Refusals{"SF509:host"});
  EXPECT_EQ(refusals(change(file(backends(4)),
                            replaced(file(backends(4)), "hash_seed", "gue_port = 7000\nhash_seed"))),
            Refusals{});
}

// --- SF507

TEST(TooMuchAtOnce, GatesElevenServices) {
  std::string services;
  for (int i = 0; i < 11; ++i) services += service("s" + std::to_string(i), "web", "192.0.2.20", 1000 + i);
  const std::string large = file(backends(200));
  EXPECT_EQ(refusals(change(large, large + services)), Refusals{"SF507:file"});
  ChangeFacts silent;
  silent.traffic.known = true;
  EXPECT_EQ(refusals(change(large + services, large, silent)), Refusals{"SF507:file"});
}

TEST(TooMuchAtOnce, LetsAHandfulPass) {
  ChangeFacts silent;
  silent.traffic.known = true;
  EXPECT_TRUE(only("SF507", change(file(backends(10)), file(backends(5)), silent)).empty());
  EXPECT_FALSE(only("SF507", change(file(backends(10)), file(backends(4)), silent)).empty());
  EXPECT_TRUE(only("SF507", change(file(backends(10)), file(backends(20)), silent)).empty());
  EXPECT_FALSE(only("SF507", change(file(backends(10)), file(backends(21)), silent)).empty());
}

TEST(TooMuchAtOnce, GatesTheLossOfEverything) {
  const auto findings = change(file(backends(2)), head());
  EXPECT_EQ(refusals(findings),
            (Refusals{"SF501:pool/web", "SF502:service/web", "SF504:service/web", "SF507:file"}));
  EXPECT_NE(only("SF507", findings)[0].message.find("100%"), std::string::npos);
}

// --- SF510

TEST(GuardRelaxed, StopsEachGuardThatIsLoosenedByTheChangeItGuardsAgainst) {
  const std::string least = "min_backends = 4\n";
  EXPECT_EQ(refusals(change(file(backends(4), least), file(backends(3)))), Refusals{"SF510:pool/web"});
  EXPECT_EQ(refusals(change(file(backends(4), least), file(backends(3), "min_backends = 3\n"))),
            Refusals{"SF510:pool/web"});
  EXPECT_EQ(refusals(change(file(backends(4), least), file(backends(4), "min_backends = 3\n"))), Refusals{});
  EXPECT_EQ(refusals(change(file(backends(4), "min_healthy = 4\n"), file(backends(3), "min_healthy = 3\n"))),
            Refusals{"SF510:pool/web"});
  EXPECT_EQ(refusals(change(file(backends(4), "min_healthy = 4\n"), file(backends(3), ""))),
            Refusals{"SF510:pool/web"});
  EXPECT_EQ(refusals(change(file(backends(4), "min_healthy = \"90%\"\n"), file(backends(3)))),
            Refusals{"SF510:pool/web"});
}

TEST(GuardRelaxed, KnowsSharesAndHealth) {
  const std::string heavy = backends(1, "10.0.2.", 1, 200) + backends(3, "10.0.2.", 2);
  EXPECT_EQ(
      refusals(change(file(backends(4), "max_share = \"30%\"\n"), file(heavy, "max_share = \"50%\"\n"))),
      Refusals{"SF510:pool/web"});
  EXPECT_EQ(refusals(change(file(backends(4), "max_share = \"30%\"\n"),
                            file(backends(4), "max_share = \"50%\"\n"))),
            Refusals{});
  EXPECT_EQ(refusals(change(file(backends(4)), file(backends(5), "min_healthy = \"50%\"\n"))),
            Refusals{"SF510:pool/web"});
  EXPECT_EQ(refusals(change(file(backends(4)), file(backends(4), "min_healthy = \"50%\"\n"))), Refusals{});
}

TEST(GuardRelaxed, LetsAGuardStayThatIsViolated) {
  EXPECT_EQ(
      only("SF510", change(file(backends(4), "min_healthy = 4\n"), file(backends(3), "min_healthy = 4\n")))
          .size(),
      0u);
}

// --- SF511

TEST(NewMeaning, WarnsOfASwapOfNames) {
  const std::string before = file(backends(4)) + service("api", "web", "192.0.2.11");
  std::string after =
      replaced(before, "name = \"web\"\nvip = \"192.0.2.10\"", "name = \"api\"\nvip = \"192.0.2.10\"");
  after = replaced(after, "name = \"api\"\nvip = \"192.0.2.11\"", "name = \"web\"\nvip = \"192.0.2.11\"");
  EXPECT_EQ(only("SF511", change(before, after)).size(), 2u);
}

TEST(NewMeaning, WarnsOfBackendsThatSwapNames) {
  const std::string before = file(backend("a", "10.0.2.1") + backend("b", "10.0.2.2"));
  const std::string after = file(backend("b", "10.0.2.1") + backend("a", "10.0.2.2"));
  EXPECT_EQ(only("SF511", change(before, after)).size(), 2u);
  const std::string renumbered = file(backend("a", "10.0.2.1") + backend("b", "10.0.2.3"));
  EXPECT_EQ(only("SF511", change(before, renumbered)).size(), 0u);
}

// --- what the balancer knows

TEST(StaleBase, ComparesGenerationAndDigest) {
  ChangeFacts facts;
  facts.running = {46, "aa"};
  EXPECT_TRUE(change(file(backends(4)), file(backends(4)), facts).empty());
  facts.expected = ChangeBase{46, "aa"};
  EXPECT_TRUE(change(file(backends(4)), file(backends(4)), facts).empty());
  facts.expected = ChangeBase{12, "aa"};
  const auto found = change(file(backends(4)), file(backends(4)), facts);
  ASSERT_EQ(refusals(found), Refusals{"SF505:file"});
  EXPECT_NE(found[0].message.find("12"), std::string::npos);
  EXPECT_NE(found[0].message.find("46"), std::string::npos);
  facts.expected = ChangeBase{46, "bb"};
  EXPECT_EQ(refusals(change(file(backends(4)), file(backends(4)), facts)), Refusals{"SF505:file"});
}

TEST(ChangePending, IsAnErrorThatNamesTheGeneration) {
  ChangeFacts facts;
  facts.pending_generation = 7;
  const auto found = change(file(backends(4)), file(backends(5)), facts);
  ASSERT_EQ(refusals(found), Refusals{"SF512:file"});
  EXPECT_EQ(found[0].severity, Severity::error);
  EXPECT_NE(found[0].message.find("generation 7"), std::string::npos);
}

TEST(ChangedOften, WarnsAboveFiveTimesAnHour) {
  ChangeFacts facts;
  facts.changes_last_hour["backend/web/b1005"] = 5;
  EXPECT_EQ(only("SF513", change(file(backends(4)), file(backends(5)), facts)).size(), 0u);
  facts.changes_last_hour["backend/web/b1005"] = 6;
  facts.changes_last_hour["pool/other"] = 60;
  const auto found = only("SF513", change(file(backends(4)), file(backends(5)), facts));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].object, "backend/web/b1005");
}

TEST(RolledBackBefore, IsAGate) {
  ChangeFacts facts;
  facts.digest_was_rolled_back = true;
  facts.digest_rolled_back_as = 9;
  const auto found = change(file(backends(4)), file(backends(5)), facts);
  EXPECT_EQ(refusals(found), Refusals{"SF514:file"});
  EXPECT_NE(only("SF514", found)[0].message.find("generation 9"), std::string::npos);
}

TEST(ApplyTime, WarnsAboveTheBudget) {
  ChangeFacts facts;
  facts.apply_ms_per_object = 2000;
  EXPECT_TRUE(only("SF605", change(file(backends(4)), file(backends(5)), facts)).empty());
  facts.apply_ms_per_object = 2001;
  EXPECT_EQ(only("SF605", change(file(backends(4)), file(backends(5)), facts)).size(), 1u);
}

// --- SF407, SF604

TEST(Headroom, ComparesCapacityWithThePeak) {
  const auto members = [](const std::string& capacity) {
    return backend("a", "10.0.2.1", 100, capacity) + backend("b", "10.0.2.2", 100, capacity);
  };
  ChangeFacts facts;
  facts.traffic.known = true;
  facts.traffic.services[web()].peak_packets_per_s = 2000;
  const auto found = [&](const std::string& text) { return only("SF407", change(text, text, facts)).size(); };
  EXPECT_EQ(found(file(members("capacity = \"1K\"\n"))), 1u);
  EXPECT_EQ(found(file(members("capacity = 1200\n"))), 0u);
  EXPECT_EQ(found(file(members("capacity = 1199\n"))), 1u);
  EXPECT_EQ(found(file(members("capacity = 1\n") + backend("c", "10.0.2.3"))), 0u) << "one says nothing";
  facts.traffic.known = false;
  EXPECT_EQ(found(file(members("capacity = 1\n"))), 0u);
}

class FlowTableFill : public testing::Test {
 protected:
  Findings with_flows(const std::string& before, const std::string& after) const {
    const auto text = [](const std::string& flows) {
      return replaced(file(backends(4)), "flows = \"4M\"", "flows = " + flows);
    };
    return only("SF604", change(text(before), text(after), facts));
  }
  FlowTableFill() {
    facts.traffic.known = true;
    facts.traffic.services[web()].peak_new_flows_per_s = 100;  // 30,000 flows
  }
  ChangeFacts facts;
};

TEST_F(FlowTableFill, WarnsAboveFourFifths) {
  EXPECT_TRUE(with_flows("37500", "37500").empty());
  ASSERT_EQ(with_flows("37499", "37499").size(), 1u);
  EXPECT_EQ(with_flows("37499", "37499")[0].severity, Severity::warn);
  EXPECT_EQ(with_flows("37499", "37499")[0].object, "limits");
}

TEST_F(FlowTableFill, GatesAChangeThatMakesItTooSmall) {
  EXPECT_EQ(with_flows("30000", "29999")[0].severity, Severity::gate);
  EXPECT_EQ(with_flows("30000", "30000")[0].severity, Severity::warn);
}

TEST_F(FlowTableFill, DoesNotStandInTheWayWhenTheTableIsTooSmallAlready) {
  EXPECT_EQ(with_flows("1000", "1000")[0].severity, Severity::warn);
  EXPECT_EQ(with_flows("1000", "2000")[0].severity, Severity::warn);
}

// --- the first change

TEST(FirstChange, IsJudgedByWhatNeedsNoBase) {
  const Model after = model_from(file(backends(4)));
  ChangeFacts facts;
  facts.pending_generation = 1;
  facts.expected = ChangeBase{1, "x"};
  facts.digest_was_rolled_back = true;
  Findings findings;
  check_change(nullptr, after, make_plan({}, {&after, nullptr}, {}), facts, findings);
  EXPECT_EQ(refusals(findings), (Refusals{"SF505:file", "SF512:file", "SF514:file"}));
}

std::string wide_on(const std::string& pool) {
  return replaced(service("wide", pool, "192.0.2.0/24"), "port = 443", "port = \"400-499\"");
}

std::string with_other(const std::string& services) {
  return head() + services + pool("web") + backends(4) + pool("other") + backends(4, "10.0.2.", 11);
}

TEST(ServiceRemoved, IsALossWhenTheWiderOneHasOtherBackends) {
  const std::string both = wide_on("other") + service("web", "web");
  const auto found = change(with_other(both), with_other(wide_on("other")));
  EXPECT_EQ(refusals(found), (Refusals{"SF502:service/web"}));
  EXPECT_NE(only("SF502", found)[0].message.find("\"wide\" takes its packets"), std::string::npos)
      << only("SF502", found)[0].message;
}

TEST(FlowsMove, WarnsOfANarrowerServiceThatTakesLiveTraffic) {
  const std::string both = wide_on("web") + service("api", "other");
  ChangeFacts facts;
  facts.traffic = busy(model_from(with_other(wide_on("web"))), Model{});
  const auto found = only("SF503", change(with_other(wide_on("web")), with_other(both), facts));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].object, "service/api");
  EXPECT_NE(found[0].message.find("\"wide\""), std::string::npos) << found[0].message;
}

TEST(FlowsDrop, GatesANarrowerServiceThatDropsLiveTraffic) {
  const Model before = model_from(with_other(wide_on("web")));
  const Model after = model_from(with_other(wide_on("web") + service("api", "other")));
  NextHops hops;
  for (const Backend& backend : after.pools[1].backends) hops[*backend.address].problem = "no route";
  ChangeFacts facts;
  facts.traffic = busy(before, Model{});
  const auto gates = [&] {
    Findings found;
    check_change(&before, after, make_plan({&before, &hops}, {&after, &hops}, facts.traffic), facts, found);
    return refusals(only("SF504", found));
  };
  EXPECT_EQ(gates(), (Refusals{"SF504:service/api"}));
  facts.traffic.services.clear();
  EXPECT_EQ(gates(), (Refusals{}));
}

TEST(ForwardMode, IsAGateOnWhatANarrowerServiceTakes) {
  const std::string between = replaced(service("api", "web"), "ipip", "gue");
  ChangeFacts facts;
  facts.traffic = busy(model_from(with_other(wide_on("web"))), Model{});
  const auto gates = [&] {
    return refusals(
        only("SF509", change(with_other(wide_on("web")), with_other(wide_on("web") + between), facts)));
  };
  EXPECT_EQ(gates(), (Refusals{"SF509:service/api"}));
  facts.traffic.services.clear();
  EXPECT_EQ(gates(), (Refusals{}));
}

TEST(ServiceWidened, IsJudgedByTheTrafficOfWhatItWas) {
  const std::string before = file(backends(4));
  const std::string after = replaced(before, "192.0.2.10", "192.0.2.0/24");
  ChangeFacts facts;
  facts.traffic = busy(model_from(before), Model{});
  EXPECT_EQ(refusals(change(before, after, facts)), (Refusals{}));
  EXPECT_EQ(refusals(only("SF509", change(before, replaced(after, "ipip", "gue"), facts))),
            (Refusals{"SF509:service/web"}));
}

}  // namespace
}  // namespace steadfast
