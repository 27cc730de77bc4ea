// SPDX-License-Identifier: Apache-2.0
// Who may come, and how often anew.
#include "datapath.h"

namespace steadfast {
namespace {

std::string with(const std::string& keys) {
  return lab_config(replaced(kTwoBackends, "port = 80\n", "port = 80\n" + keys));
}

class Sources : public Datapath {
 protected:
  static std::uint32_t from(Lab& lab, const char* source, std::uint16_t port = 1000) {
    return lab.run(syn(tcp(source, port, "192.0.2.10"))).decision.verdict;
  }
};

TEST_P(Sources, TheLongestPrefixOfBothListsDecides) {
  Lab lab(GetParam(), with("allow = [\"10.0.0.0/8\", \"10.1.1.128/25\"]\ndeny = [\"10.1.1.0/24\"]\n"));
  EXPECT_EQ(from(lab, "10.2.3.4"), SF_FORWARDED);
  EXPECT_EQ(from(lab, "10.1.1.127"), SF_SOURCE_DENIED);
  EXPECT_EQ(from(lab, "10.1.1.128"), SF_FORWARDED);
  EXPECT_EQ(from(lab, "10.1.2.0"), SF_FORWARDED);
  EXPECT_EQ(from(lab, "11.0.0.0"), SF_SOURCE_NOT_ALLOWED);
  EXPECT_EQ(from(lab, "9.255.255.255"), SF_SOURCE_NOT_ALLOWED);
}

TEST_P(Sources, WithoutAnAllowListEverybodyElseIsWelcome) {
  Lab lab(GetParam(), with("deny = [\"203.0.113.0/24\"]\n"));
  EXPECT_EQ(from(lab, "203.0.113.255"), SF_SOURCE_DENIED);
  EXPECT_EQ(from(lab, "203.0.114.0"), SF_FORWARDED);
}

TEST_P(Sources, OtherServicesDoNotAsk) {
  Lab lab(GetParam(), with("deny = [\"203.0.113.0/24\"]\n"));
  EXPECT_EQ(lab.run(udp(tcp("203.0.113.7", 1, "192.0.2.10", 53))).decision.verdict,
            static_cast<std::uint32_t>(SF_FORWARDED));
}

// A denied source's flows end at once, though they are remembered.
TEST_P(Sources, ARuleHoldsForFlowsThatWereThereBefore) {
  Lab lab(GetParam(), lab_config(kTwoBackends));
  EXPECT_EQ(from(lab, "203.0.113.7"), SF_FORWARDED);
  lab.publish(with("deny = [\"203.0.113.7\"]\n"));
  EXPECT_EQ(lab.run(ack(tcp("203.0.113.7", 1000, "192.0.2.10"))).decision.verdict,
            static_cast<std::uint32_t>(SF_SOURCE_DENIED));
}

TEST_P(Sources, OfIpv6AreComparedWhole) {
  const std::string service =
      replaced(replaced(kTwoBackends, "vip = \"192.0.2.10\"", "vip = \"2001:db8::10\""), "port = 80\n",
               "port = 80\ndeny = [\"2001:db8:c::/49\", \"2001:db8:d::7\"]\n");
  Lab lab(GetParam(), lab_config(service));
  const auto verdict = [&](const char* source) {
    return lab.run(syn(tcp(source, 1, "2001:db8::10"))).decision.verdict;
  };
  EXPECT_EQ(verdict("2001:db8:c:7fff::1"), SF_SOURCE_DENIED);
  EXPECT_EQ(verdict("2001:db8:c:8000::1"), SF_FORWARDED);
  EXPECT_EQ(verdict("2001:db8:d::7"), SF_SOURCE_DENIED);
  EXPECT_EQ(verdict("2001:db8:d::6"), SF_FORWARDED);
  EXPECT_EQ(verdict("2001:db8:d::8"), SF_FORWARDED);
}

TEST_P(Sources, NewFlowsAreBoundedPerSourceAndService) {
  Lab lab(GetParam(), with("new_flows_per_source = 3\n"));
  begin_second(lab);
  for (std::uint16_t port = 1; port <= 3; ++port) EXPECT_EQ(from(lab, "203.0.113.7", port), SF_FORWARDED);
  EXPECT_EQ(from(lab, "203.0.113.7", 4), SF_NEW_FLOW_LIMITED);
  EXPECT_EQ(lab.run(ack(tcp("203.0.113.7", 2, "192.0.2.10"))).decision.verdict,
            static_cast<std::uint32_t>(SF_FORWARDED))
      << "known flows go on";
  EXPECT_EQ(from(lab, "203.0.113.8", 4), SF_FORWARDED) << "another source";
  EXPECT_EQ(lab.run(udp(tcp("203.0.113.7", 9, "192.0.2.10", 53))).decision.verdict,
            static_cast<std::uint32_t>(SF_FORWARDED))
      << "another service";
  begin_second(lab);
  if (GetParam() == Engine::host) ++lab.memory().selector->clock_s;
  EXPECT_EQ(from(lab, "203.0.113.7", 5), SF_FORWARDED) << "another second";
}

// Another balancer failed over: its flows arrive in the middle, many from one NAT.
TEST_P(Sources, FlowsInTheMiddleAreNotNew) {
  Lab lab(GetParam(), with("new_flows_per_source = 1\n"));
  for (std::uint16_t port = 1; port <= 20; ++port)
    EXPECT_EQ(lab.run(ack(tcp("203.0.113.7", port, "192.0.2.10"))).decision.verdict,
              static_cast<std::uint32_t>(SF_FORWARDED));
}

TEST_P(Sources, AnIpv6SourceIsItsNetwork) {
  Lab lab(GetParam(),
          lab_config(replaced(replaced(kTwoBackends, "vip = \"192.0.2.10\"", "vip = \"2001:db8::10\""),
                              "port = 80\n", "port = 80\nnew_flows_per_source = 1\n")));
  const auto verdict = [&](const char* source) {
    return lab.run(syn(tcp(source, 1, "2001:db8::10"))).decision.verdict;
  };
  begin_second(lab);
  EXPECT_EQ(verdict("2001:db8:c:1::1"), SF_FORWARDED);
  EXPECT_EQ(verdict("2001:db8:c:1::2"), SF_NEW_FLOW_LIMITED);
  EXPECT_EQ(verdict("2001:db8:c:2::1"), SF_FORWARDED);
}

ON_BOTH_ENGINES(Sources);

}  // namespace
}  // namespace steadfast
