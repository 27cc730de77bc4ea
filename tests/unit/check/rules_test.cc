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

}  // namespace
}  // namespace steadfast
