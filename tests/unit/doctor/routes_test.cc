// SPDX-License-Identifier: Apache-2.0
#include "sound_host.h"

namespace steadfast {
namespace {

using host::NeighbourState;
using host::RouteKind;

host::Path& path_to(host::HostFacts& facts, const char* address) {
  return facts.paths->at(*Address::parse(address));
}

host::HostFacts with_route(RouteKind kind) {
  return broken([&](host::HostFacts& f) { path_to(f, "10.0.2.12").route = kind; });
}

TEST(Routes, ThatDoNotLeadOutAreErrorsOfTheBackend) {
  const Finding finding = the_only("SF709", doctor_says(with_route(RouteKind::blackhole)));
  EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_EQ(finding.object, "backend/web/web-02");
  EXPECT_EQ(finding.place.line, 28U);
  EXPECT_EQ(finding.message,
            "to backend \"web-02\" of pool \"web\", 10.0.2.12, this host has a blackhole route");
  for (const RouteKind kind :
       {RouteKind::none, RouteKind::unreachable, RouteKind::prohibit, RouteKind::local, RouteKind::elsewhere})
    the_only("SF709", doctor_says(with_route(kind)));
}

TEST(Routes, MustLeaveByAnInterfaceOfTheFile) {
  auto facts = broken([](host::HostFacts& f) {
    f.interfaces->push_back(sound_interface("eth9", 9));
    path_to(f, "10.0.2.11").interface = "eth9";
    path_to(f, "10.0.2.11").ifindex = 9;
  });
  const Finding finding = the_only("SF709", doctor_says(facts));
  EXPECT_NE(finding.message.find("a route by eth9, which is not in host.interfaces"), std::string::npos);
  facts.interfaces->back().kind = "vlan";
  facts.interfaces->back().lower = 2;
  EXPECT_TRUE(doctor_says(facts).empty());
}

TEST(NextHops, ThatAreSilentAreErrors) {
  for (const auto state : {NeighbourState::failed, NeighbourState::incomplete, NeighbourState::absent}) {
    const auto facts = broken([&](host::HostFacts& f) { path_to(f, "10.0.2.11").neighbour = state; });
    const Finding finding = the_only("SF710", doctor_says(facts));
    EXPECT_EQ(finding.severity, Severity::error);
    EXPECT_EQ(finding.object, "backend/web/web-01");
    EXPECT_NE(finding.message.find(host::name(state)), std::string::npos);
  }
}

// An interface that is down takes the routes along: one cause, one finding.
TEST(Routes, ThatWentWithAnInterfaceAreNoFindingOfTheirOwn) {
  const auto facts = broken([](host::HostFacts& f) {
    eth0(f).up = false;
    path_to(f, "10.0.2.11").route = RouteKind::none;
    path_to(f, "10.0.2.12").neighbour = NeighbourState::failed;
  });
  the_only("SF701", doctor_says(facts));
}

// One router that is silent is one finding, whatever stands behind it.
TEST(NextHops, AreCountedOnceForAllBehindThem) {
  const auto facts = broken([](host::HostFacts& f) {
    for (auto& [address, path] : *f.paths) {
      path.gateway = Address::parse("10.0.2.254");
      path.neighbour = NeighbourState::failed;
    }
  });
  const Finding finding = the_only("SF710", doctor_says(facts));
  EXPECT_NE(finding.message.find("next hop 10.0.2.254 of backend \"web-01\" of pool \"web\" and 1 more"),
            std::string::npos)
      << finding.message;
}

TEST(Backends, ThatTakeNoTrafficNeedNoRoute) {
  std::string file = sound_file();
  file.insert(file.rfind("weight"), "state = \"disabled\"\n");
  EXPECT_TRUE(doctor_says(with_route(RouteKind::none), file).empty());
}

host::HostFacts with_thresholds(const char* comfortable, const char* most) {
  return broken([&](host::HostFacts& f) {
    (*f.sysctls)["net.ipv4.neigh.default.gc_thresh2"] = comfortable;
    (*f.sysctls)["net.ipv4.neigh.default.gc_thresh3"] = most;
  });
}

TEST(Neighbours, MoreThanTheTableHoldsAreAnError) {
  const Finding error = the_only("SF606", doctor_says(with_thresholds("1", "1")));
  EXPECT_EQ(error.severity, Severity::error);
  EXPECT_EQ(error.message, "2 backends on link by IPv4, but net.ipv4.neigh.default.gc_thresh3 is 1");
  const Finding warning = the_only("SF606", doctor_says(with_thresholds("1", "2")));
  EXPECT_EQ(warning.severity, Severity::warn);
  EXPECT_TRUE(doctor_says(with_thresholds("2", "2")).empty());
}

TEST(Neighbours, BehindARouterNeedNoRoomInTheTable) {
  auto facts = with_thresholds("1", "1");
  facts.addresses->back().address = *Address::parse("10.0.3.1");
  EXPECT_TRUE(doctor_says(facts).empty());
}

TEST(Vips, OnThisHostAreWarnedOf) {
  const auto facts = broken([](host::HostFacts& f) {
    f.addresses->push_back({1, "lo", *Address::parse("192.0.2.10"), 32});
  });
  const Finding finding = the_only("SF711", doctor_says(facts));
  EXPECT_EQ(finding.severity, Severity::warn);
  EXPECT_EQ(finding.object, "service/web");
  EXPECT_EQ(finding.fix, "ip address del 192.0.2.10/32 dev lo");
}

}  // namespace
}  // namespace steadfast
