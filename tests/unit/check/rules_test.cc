// SPDX-License-Identifier: Apache-2.0
// The edges of the rules: what each one still lets pass and no longer does. The
// plain cases are the rules' own examples (catalogue_test.cc).
#include <gtest/gtest.h>

#include "check/series.h"
#include "files.h"
#include "report/metric_list.h"

namespace steadfast {
namespace {

using Objects = std::vector<std::string>;

const std::string kWeb = head() + service("web", "web");

TEST(DuplicateVip, LooksAtProtocolPortAndAddressTogether) {
  const std::string text = kWeb + pool("web") + backends(4);
  EXPECT_TRUE(only("SF201", text + service("a", "web", "192.0.2.10", 443, "ipip", "udp")).empty());
  EXPECT_TRUE(only("SF201", text + service("a", "web", "192.0.2.10", 80)).empty());
  EXPECT_EQ(objects("SF201", text + service("a", "web")), (Objects{"service/a"}));
}

TEST(DuplicateVip, KnowsAnAddressWrittenTwoWays) {
  const std::string text = head() + service("a", "web", "2001:db8::1") + service("b", "web", "2001:DB8:0::1");
  EXPECT_EQ(objects("SF201", text + pool("web") + backends(4)), (Objects{"service/b"}));
}

TEST(TwinBackend, IsReportedOnceWhenNameAndAddressAreThereTwice) {
  const std::string text = kWeb + pool("web") + backends(4) + backend("b1001", "10.0.2.1");
  EXPECT_EQ(objects("SF205", text), (Objects{"backend/web/b1001"}));
}

TEST(TwinBackend, IsNoneInAnotherPool) {
  const std::string text =
      kWeb + service("api", "api", "192.0.2.11") + pool("web") + backends(4) + pool("api");
  EXPECT_TRUE(only("SF205", text + backends(4)).empty());
}

TEST(UnusedPool, IsNoneWhileAServiceThatMayUseItIsBroken) {
  const std::string text = head() + service("web", "web", "192.0.2.10", 0) + pool("web") + backends(4);
  EXPECT_EQ(codes(text), (Objects{"SF103"}));
}

TEST(Outlier, NeedsFiveMembersAndAMajority) {
  EXPECT_TRUE(only("SF207", kWeb + pool("web") + backends(3) + backend("x", "10.0.3.1")).empty());
  EXPECT_EQ(objects("SF207", kWeb + pool("web") + backends(4) + backend("x", "10.0.3.1")),
            (Objects{"backend/web/x"}));
  EXPECT_TRUE(only("SF207", kWeb + pool("web") + backends(4) + backends(3, "10.0.3.", 50)).empty());
}

TEST(Outlier, SeesThreeWrongHostsAmongTen) {
  const std::string wrong = backend("x", "10.9.2.8") + backend("y", "10.9.2.9") + backend("z", "10.9.2.10");
  EXPECT_EQ(only("SF207", kWeb + pool("web") + backends(7) + wrong).size(), 3u);
}

TEST(Outlier, LetsAPoolBeSpreadOverRacksOfTheirOwn) {
  EXPECT_TRUE(only("SF207", kWeb + pool("web") + backends(6) + backends(4, "10.0.3.", 50)).empty());
}

TEST(Outlier, ComparesWithinAFamilyBySixtyFourBits) {
  const std::string six = backends(4, "2001:db8:1::", 1) + backend("x", "2001:db8:2::1");
  EXPECT_EQ(objects("SF207", kWeb + pool("web") + six), (Objects{"backend/web/x"}));
  EXPECT_TRUE(only("SF207", kWeb + pool("web") + backends(5) + backend("x", "2001:db8:2::1")).empty());
}

TEST(Lookalike, SeesCaseAndHomoglyphs) {
  const auto names = [](const std::string& a, const std::string& b) {
    return kWeb + pool("web") + backends(4) + backend(a, "10.0.2.20") + backend(b, "10.0.2.21");
  };
  EXPECT_EQ(only("SF208", names("msg", "MSG")).size(), 1u);
  EXPECT_EQ(only("SF208", names("msgl", "msg1")).size(), 1u);
  EXPECT_EQ(only("SF208", names("api", "\xd0\xb0pi")).size(), 1u);
  EXPECT_TRUE(only("SF208", names("msg-01", "msg-02")).empty());
  EXPECT_TRUE(only("SF208", names("mail", "mall")).empty());
}

TEST(ConflictingBackend, SeesModesPortsAndChecksThatDiffer) {
  const auto pools = [](const std::string& forward, int port, const std::string& keys) {
    return kWeb + service("api", "api", "192.0.2.11", port, forward) + pool("web") + backends(4) +
           pool("api", keys) + backends(4);
  };
  const std::string floor = "min_healthy = \"50%\"\n";
  const std::string slow =
      floor + "health = { type = \"tcp\", interval = \"5s\", timeout = \"1s\", fall = 3, rise = 2 }\n";
  EXPECT_TRUE(only("SF206", pools("ipip", 443, floor + kHealth)).empty());
  EXPECT_EQ(only("SF206", pools("gue", 443, floor + kHealth)).size(), 1u);
  EXPECT_EQ(only("SF206", pools("ipip", 443, slow)).size(), 1u);
  EXPECT_TRUE(only("SF206", pools("ipip", 80, slow)).empty()) << "two checks of two ports are no conflict";
}

TEST(Loop, SeesTheVipOfAnyService) {
  const std::string text = kWeb + service("api", "web", "192.0.2.11") + pool("web") + backends(4);
  EXPECT_EQ(objects("SF301", text + backend("x", "192.0.2.11")), (Objects{"backend/web/x"}));
}

TEST(OwnAddress, CountsEveryAddressOfTheSourcePrefix) {
  const std::string text = kWeb + pool("web") + backends(4);
  EXPECT_EQ(only("SF302", text + backend("x", "198.51.100.15")).size(), 1u);
  EXPECT_TRUE(only("SF302", text + backend("x", "198.51.100.16")).empty());
}

TEST(FamilyMismatch, BlamesTheBackendOrTheServiceWhicheverIsAlone) {
  const std::string l2 = head() + service("web", "web", "192.0.2.10", 443, "l2") + pool("web");
  EXPECT_EQ(objects("SF304", l2 + backends(4) + backend("x", "2001:db8:1::1")), (Objects{"backend/web/x"}));
  EXPECT_EQ(objects("SF304", l2 + backends(4, "2001:db8:1::")), (Objects{"service/web"}));
}

TEST(FamilyMismatch, ReportsAMissingSourceOnceForAllServices) {
  const std::string text =
      head("\"2001:db8:f::/64\"") + service("a", "web") + service("b", "web", "192.0.2.11");
  EXPECT_EQ(objects("SF304", text + pool("web") + backends(4)), (Objects{"host"}));
}

TEST(UnusableAddress, SeesEveryKind) {
  for (const char* address : {"0.0.0.0", "::", "127.0.0.1", "::1", "224.0.0.1", "ff02::1", "255.255.255.255",
                              "169.254.0.1", "fe80::1", "::ffff:192.0.2.1"})
    EXPECT_EQ(objects("SF305", kWeb + pool("web") + backends(4) + backend("x", address)),
              (Objects{"backend/web/x"}))
        << address;
  EXPECT_EQ(objects("SF305", head("\"127.0.0.1\"") + service("web", "web") + pool("web") + backends(4)),
            (Objects{"host"}));
  EXPECT_EQ(objects("SF305", head() + service("web", "web", "127.0.0.1") + pool("web") + backends(4)),
            (Objects{"service/web"}));
}

TEST(PortMismatch, LooksAtEveryServiceOfThePool) {
  const std::string text = kWeb + service("plain", "web", "192.0.2.10", 80) + pool("web") + backends(4);
  EXPECT_EQ(objects("SF307", text + backend("x", "10.0.2.20", 100, "port = 443\n")),
            (Objects{"backend/web/x"}));
}

TEST(TunnelPort, MattersOnlyWhereGueIsUsedOrItsPortIsWritten) {
  const std::string udp =
      service("web", "web", "192.0.2.10", 6080, "ipip", "udp") + pool("web") + backends(4);
  EXPECT_TRUE(only("SF310", head() + udp).empty());
  EXPECT_EQ(only("SF310", head("\"198.51.100.0/28\"", "gue_port = 6080\n") + udp).size(), 1u);
  const std::string tcp = service("web", "web", "192.0.2.10", 6080, "gue") + pool("web") + backends(4);
  EXPECT_TRUE(only("SF310", head() + tcp).empty());
}

TEST(ConstantSource, IsNoMatterForOtherModes) {
  for (const char* forward : {"gue", "l2"}) {
    const std::string text = head("\"198.51.100.1\"") + service("web", "web", "192.0.2.10", 443, forward);
    EXPECT_TRUE(only("SF312", text + pool("web") + backends(4)).empty()) << forward;
  }
}

TEST(EmptyPool, IsTheOnlyFindingAboutIt) {
  EXPECT_EQ(codes(kWeb + pool("web", "")), (Objects{"SF401"}));
  EXPECT_EQ(codes(kWeb + pool("web", "backend = []\n")), (Objects{"SF401"}));
}

TEST(EmptyPool, IsNotReportedWhenItsBackendsCouldNotBeRead) {
  EXPECT_EQ(codes(kWeb + pool("web") + "[[pool.backend]\nname = \"x\"\n"), (Objects{"SF105"}));
  EXPECT_EQ(codes(kWeb + pool("web") + backend("x", "10.0.2.999")), (Objects{"SF103"}));
}

TEST(NothingActive, CountsDrainedDisabledAndWeightless) {
  const std::string text = kWeb + pool("web") + backend("a", "10.0.2.1", 0) +
                           backend("b", "10.0.2.2", 5, "state = \"drain\"\n") +
                           backend("c", "10.0.2.3", 5, "state = \"disabled\"\n");
  EXPECT_EQ(codes(text), (Objects{"SF402"}));
  const std::string parked =
      head() + service("web", "web") + "state = \"parked\"\n" + text.substr(kWeb.size());
  EXPECT_TRUE(codes(parked).empty());
}

TEST(FewBackends, IsAnErrorBelowMinBackendsOnly) {
  const std::string floor = "min_healthy = \"50%\"\n" + kHealth;
  EXPECT_EQ(only("SF403", kWeb + pool("web", floor) + backends(1)).at(0).severity, Severity::warn);
  EXPECT_EQ(only("SF403", kWeb + pool("web", floor + "min_backends = 3\n") + backends(2)).at(0).severity,
            Severity::error);
  EXPECT_TRUE(only("SF403", kWeb + pool("web", floor + "min_backends = 2\n") + backends(2)).empty());
}

TEST(ShareTooLarge, SeesOneWeightSlippedFromOneToTwoHundred) {
  for (int others : {1, 2, 4, 9, 40}) {
    const std::string text =
        kWeb + pool("web") + backends(others, "10.0.2.", 1, 1) + backend("x", "10.0.2.200", 200);
    EXPECT_EQ(objects("SF404", text), (Objects{"backend/web/x"})) << others;
  }
}

TEST(ShareTooLarge, LetsWeightsDifferByTwo) {
  EXPECT_TRUE(only("SF404", kWeb + pool("web") + backends(10) + backend("x", "10.0.2.200", 200)).empty());
}

TEST(ShareTooLarge, ComparesEqualSharesWithALimitThatIsJustFair) {
  const std::string keys = "min_healthy = \"50%\"\n" + kHealth + "max_share = \"10%\"\n";
  EXPECT_TRUE(only("SF404", kWeb + pool("web", keys) + backends(10)).empty());
  EXPECT_EQ(objects("SF404", kWeb + pool("web", keys) + backends(9)), (Objects{"pool/web"}));
}

TEST(ShareTooLarge, PrintsTheExactShare) {
  const auto found =
      only("SF404", kWeb + pool("web") + backends(2, "10.0.2.", 1, 1) + backend("x", "10.0.2.9", 510));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NE(found[0].message.find("99.61%"), std::string::npos) << found[0].message;
}

TEST(FailureDomain, NeedsLabelsAndAFloor) {
  const std::string racks = backend("a", "10.0.2.1", 1, "labels = { rack = \"r1\" }\n") +
                            backend("b", "10.0.2.2", 1, "labels = { rack = \"r1\", zone = \"z1\" }\n");
  EXPECT_EQ(only("SF408", kWeb + pool("web") + racks).size(), 1u);
  EXPECT_EQ(only("SF408", kWeb + pool("web", "min_healthy = 2\n") + racks).size(), 2u);
  EXPECT_TRUE(only("SF408", kWeb + pool("web", kHealth) + racks).empty());
  EXPECT_TRUE(only("SF408", kWeb + pool("web") + backends(2)).empty());
}

TEST(HealthTiming, SaysAllThatIsWrongInOneFinding) {
  const auto with_health = [](const std::string& values) {
    return kWeb + pool("web", "min_healthy = 1\nhealth = { type = \"tcp\", " + values + " }\n") + backends(4);
  };
  const auto found =
      only("SF409", with_health("interval = \"200ms\", timeout = \"200ms\", fall = 1, rise = 1"));
  ASSERT_EQ(found.size(), 1u);
  for (const char* part : {"not below interval", "load alone", "fall is 1", "rise is 1", "a pause of 200ms"})
    EXPECT_NE(found[0].message.find(part), std::string::npos) << part;
  EXPECT_EQ(only("SF409", with_health("interval = \"11s\", timeout = \"1s\", fall = 3, rise = 2")).size(),
            1u);
  EXPECT_TRUE(only("SF409", with_health("interval = \"10s\", timeout = \"1s\", fall = 3, rise = 2")).empty());
}

TEST(Health, MayBeAbsentWithOneBackendOnly) {
  EXPECT_EQ(codes(kWeb + pool("web", "min_healthy = 1\n") + backends(1)), (Objects{"SF403"}));
  EXPECT_EQ(codes(kWeb + pool("web", "min_healthy = 1\n") + backends(2)), (Objects{"SF411"}));
  EXPECT_EQ(codes(kWeb + pool("web", kHealth) + backends(2)), (Objects{"SF410"}));
}

TEST(TooManyBackends, CountsABackendOnceForEveryServiceOfItsPool) {
  std::string text =
      head() + service("a", "web") + service("b", "web", "192.0.2.11") + pool("web") + backends(150);
  const auto limit = [&](const std::string& number) {
    std::string limited = text;
    return limited.replace(limited.find("20000"), 5, number);
  };
  EXPECT_EQ(objects("SF602", limit("299")), (Objects{"limits"}));
  EXPECT_TRUE(only("SF602", limit("300")).empty());
}

TEST(TooManySeries, IsCountedFromServicesAndBackends) {
  std::string text = head() + pool("web") + backends(50);
  for (int i = 1; i <= 150; ++i) text += service("s" + std::to_string(i), "web", "192.0.2.10", i);
  EXPECT_EQ(only("SF607", text).size(), 1u);
  EXPECT_TRUE(only("SF607", kWeb + pool("web") + backends(50)).empty());
}

// Labels tell what a metric is of; a state is one series per state.
TEST(Series, AreAsManyAsTheListOfMetricsSays) {
  std::size_t service_metrics = 0, backend_series = 0;
#define X(symbol, type, metric, labels, help)                                   \
  service_metrics += std::string_view(labels) == "service,verdict" ? 1 : 0;     \
  backend_series += std::string_view(labels) == "service,pool,backend" ? 1 : 0; \
  backend_series += std::string_view(labels) == "service,pool,backend,state" ? 3 : 0;
  SF_METRICS(X)
#undef X
  EXPECT_EQ(service_metrics * SF_VERDICT_COUNT, kSeriesPerService);
  EXPECT_EQ(backend_series, kSeriesPerBackend);
}

// --- SF202, SF209: who gets a packet, and who never does

std::string ranged(const std::string& name, const std::string& vip, const std::string& port,
                   const std::string& keys = "") {
  return "[[service]]\nname = \"" + name + "\"\nvip = \"" + vip + "\"\nprotocol = \"tcp\"\nport = " + port +
         "\nforward = \"ipip\"\npool = \"web\"\n" + keys;
}

std::string with_services(const std::string& services) {
  return head() + services + pool("web") + backends(3);
}

TEST(Overlap, IsOnlyBetweenRangesOfOnePrefixThatDoNotHoldOneAnother) {
  const auto overlapping = [](const std::string& a, const std::string& b,
                              const std::string& vip = "192.0.2.0/24") {
    return objects("SF202", with_services(ranged("a", "192.0.2.0/24", a) + ranged("b", vip, b)));
  };
  EXPECT_EQ(overlapping("\"80-90\"", "\"85-95\""), Objects{"service/b"});
  EXPECT_EQ(overlapping("\"85-95\"", "\"80-90\""), Objects{"service/a"});
  EXPECT_EQ(overlapping("\"80-90\"", "\"80-90\""), Objects{"service/b"});
  EXPECT_EQ(overlapping("443", "443"), Objects{"service/b"});
  EXPECT_EQ(overlapping("\"80-90\"", "\"91-95\""), Objects{});
  EXPECT_EQ(overlapping("\"80-90\"", "\"80-85\""), Objects{});
  EXPECT_EQ(overlapping("\"80-90\"", "\"85-95\"", "192.0.2.0/25"), Objects{});
}

TEST(Overlap, OfExactServicesIsADuplicateVip) {
  const std::string text = with_services(ranged("a", "192.0.2.1", "443") + ranged("b", "192.0.2.1", "443"));
  EXPECT_EQ(objects("SF201", text), std::vector<std::string>{"service/b"});
  EXPECT_TRUE(only("SF202", text).empty());
  EXPECT_TRUE(only("SF209", text).empty());
}

TEST(Shadowed, NamesOneOfTheServicesThatTakeAll) {
  const auto found =
      only("SF209", with_services(ranged("a", "192.0.2.2/31", "443") + ranged("b", "192.0.2.2", "443") +
                                  ranged("c", "192.0.2.3", "\"443-444\"")));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].object, "service/a");
  EXPECT_NE(found[0].message.find("\"b\""), std::string::npos) << found[0].message;
  EXPECT_EQ(found[0].related.size(), 1u);
}

TEST(Shadowed, KnowsEntriesThatDecideNothing) {
  const auto entries = [](const std::string& keys) {
    std::string text;
    for (const Finding& finding : only("SF209", with_services(ranged("a", "192.0.2.1", "443", keys)))) {
      EXPECT_EQ(finding.related.size(), 1u);
      text += finding.message.substr(0, finding.message.find(" of service")) + ";";
    }
    return text;
  };
  EXPECT_EQ(entries("allow = [\"10.0.0.0/8\"]\ndeny = [\"10.1.0.0/16\"]\n"), "");
  EXPECT_EQ(entries("deny = [\"10.0.0.0/8\"]\nallow = [\"10.1.0.0/16\", \"192.0.2.0/24\"]\n"),
            "deny 10.0.0.0/8;");
  EXPECT_EQ(entries("deny = [\"0.0.0.0/0\"]\nallow = [\"10.1.0.0/16\"]\n"), "deny 0.0.0.0/0;");
  EXPECT_EQ(entries("deny = [\"10.0.0.0/9\", \"10.128.0.0/9\"]\nallow = [\"10.0.0.0/8\", \"11.0.0.0/8\"]\n"),
            "allow 10.0.0.0/8;");
  EXPECT_EQ(entries("deny = [\"10.0.0.0/8\", \"10.1.0.0/16\"]\n"), "deny 10.1.0.0/16;");
  EXPECT_EQ(entries("allow = [\"10.0.0.0/8\", \"10.1.0.0/16\"]\n"), "allow 10.1.0.0/16;");
  EXPECT_EQ(entries("allow = [\"10.0.0.0/8\"]\ndeny = [\"10.0.0.0/8\"]\n"), "deny 10.0.0.0/8;");
  EXPECT_EQ(entries("deny = [\"0.0.0.0/0\"]\n"), "deny;");
  EXPECT_EQ(entries("deny = [\"0.0.0.0/1\", \"128.0.0.0/1\"]\n"), "deny;");
  EXPECT_EQ(entries("deny = [\"0.0.0.0/1\", \"128.0.0.0/2\"]\n"), "");
}

TEST(Ranges, NeedNoMoreRowsThanTheLimit) {
  const std::string text = with_services(ranged("a", "192.0.2.1", "443", "deny = [\"10.0.0.0/8\"]\n"));
  const auto limited = [&](const std::string& ranges) {
    return only("SF609", replaced(text, "flows = \"4M\"\n", "flows = \"4M\"\nranges = " + ranges + "\n"));
  };
  EXPECT_TRUE(limited("3").empty());
  ASSERT_EQ(limited("2").size(), 1u);
  EXPECT_NE(limited("2")[0].message.find("3 rows"), std::string::npos) << limited("2")[0].message;
}

TEST(TunnelPort, MayHideInARange) {
  const std::string text = replaced(
      replaced(with_services(ranged("a", "192.0.2.1", "\"6000-6100\"")), "ipip", "gue"), "tcp", "udp");
  EXPECT_EQ(objects("SF310", replaced(text, "\"6000-6100\"", "\"6000-6079\"")), std::vector<std::string>{});
  EXPECT_EQ(objects("SF310", text), std::vector<std::string>{"service/a"});
}

TEST(PortMismatch, OfAServiceWithManyPortsIsAnyPort) {
  const std::string text = head() + ranged("a", "192.0.2.1", "\"80-90\"") + pool("web") +
                           backend("b1", "10.0.2.1", 100, "port = 80\n") + backend("b2", "10.0.2.2");
  EXPECT_EQ(objects("SF307", text), std::vector<std::string>{"backend/web/b1"});
}

TEST(FewPorts, AreAllThatAHashOfPortsCanSpread) {
  const auto gated = [](const std::string& port) {
    return objects("SF404", with_services(ranged("a", "192.0.2.1", port, "hash = \"destination-port\"\n")));
  };
  EXPECT_EQ(gated("443"), std::vector<std::string>{"service/a"});
  EXPECT_EQ(gated("\"443-444\""), std::vector<std::string>{"service/a"});
  EXPECT_TRUE(gated("\"443-445\"").empty());
}

TEST(ShortIdle, IsANoteOnTcp) {
  const auto noted = [](const std::string& keys) {
    return objects("SF413", with_services(ranged("a", "192.0.2.1", "443", keys)));
  };
  EXPECT_EQ(noted("idle = \"59s\"\n"), std::vector<std::string>{"service/a"});
  EXPECT_TRUE(noted("idle = \"60s\"\n").empty());
  EXPECT_TRUE(noted("").empty());
}

TEST(OwnAddress, MayNotBeOfAVip) {
  const std::string source = "\"10.0.0.5\", \"2001:db8:f::/64\"";
  const auto found = [&](const std::string& vip) {
    return objects("SF302", head(source) + service("web", "web", vip) + pool("web") + backends(4));
  };
  EXPECT_EQ(found("10.0.0.5"), (Objects{"service/web"}));
  EXPECT_EQ(found("10.0.0.0/24"), (Objects{"service/web"}));
  EXPECT_EQ(found("10.0.0.4"), (Objects{}));
  EXPECT_EQ(found("10.0.1.0/24"), (Objects{}));
  EXPECT_EQ(found("2001:db8:f::7"), (Objects{"service/web"}));
  EXPECT_EQ(found("2001:db8::/40"), (Objects{"service/web"}));
  EXPECT_EQ(found("2001:db8:e::/64"), (Objects{}));
}

TEST(PathMtu, LeavesIPv6ItsLeast) {
  const auto found = [](const std::string& keys, const std::string& vip, const std::string& address,
                        const std::string& forward = "ipip") {
    return objects("SF309", head() + service("web", "web", vip, 443, forward) + keys + pool("web") +
                                backend("b1", address) + backend("b2", address + "0"));
  };
  EXPECT_EQ(found("mtu = 1299\n", "2001:db8::10", "10.0.2.1"), (Objects{"service/web"}));
  EXPECT_EQ(found("mtu = 1300\n", "2001:db8::10", "10.0.2.1"), (Objects{}));
  EXPECT_EQ(found("mtu = 1319\n", "2001:db8::10", "2001:db8:1::1"), (Objects{"service/web"}));
  EXPECT_EQ(found("mtu = 1320\n", "2001:db8::10", "2001:db8:1::1"), (Objects{}));
  EXPECT_EQ(found("mtu = 1307\n", "2001:db8::10", "10.0.2.1", "gue"), (Objects{"service/web"}));
  EXPECT_EQ(found("mtu = 1308\n", "2001:db8::10", "10.0.2.1", "gue"), (Objects{}));
  EXPECT_EQ(found("mtu = 1279\n", "2001:db8::10", "2001:db8:1::1", "l2"), (Objects{"service/web"}));
  EXPECT_EQ(found("mtu = 600\n", "192.0.2.10", "10.0.2.1"), (Objects{}));
  EXPECT_EQ(found("", "2001:db8::10", "10.0.2.1"), (Objects{}));
}

TEST(PathMtu, OfTheHostHoldsWhereTheServiceSaysNothing) {
  const std::string text = head("\"198.51.100.0/28\", \"2001:db8:f::/64\"", "mtu = 1280\n") +
                           service("web", "web", "2001:db8::10");
  EXPECT_EQ(objects("SF309", text + pool("web") + backends(4)), (Objects{"service/web"}));
  EXPECT_EQ(objects("SF309", text + "mtu = 1500\n" + pool("web") + backends(4)), (Objects{}));
}

}  // namespace
}  // namespace steadfast
