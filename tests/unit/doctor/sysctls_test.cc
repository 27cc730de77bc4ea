// SPDX-License-Identifier: Apache-2.0
#include "sound_host.h"

namespace steadfast {
namespace {

Break set(const std::string& name, const std::string& value) {
  return [=](host::HostFacts& f) { (*f.sysctls)[name] = value; };
}

TEST(ReversePath, StrictIsAWarningWhereAnswersComeBackTheSameWay) {
  const Finding finding = the_only("SF708", doctor_says(broken(set("net.ipv4.conf.eth0.rp_filter", "1"))));
  EXPECT_EQ(finding.severity, Severity::warn);
  EXPECT_EQ(finding.object, "host/interface/eth0");
  EXPECT_EQ(finding.fix, "sysctl -w net.ipv4.conf.eth0.rp_filter=2");
}

// The kernel takes the larger value of the two: loose on the interface is loose.
TEST(ReversePath, OfAllAndOfTheInterfaceTheLargerCounts) {
  EXPECT_TRUE(doctor_says(broken(set("net.ipv4.conf.all.rp_filter", "1"))).empty());
  const auto facts = broken([](host::HostFacts& f) {
    set("net.ipv4.conf.all.rp_filter", "1")(f);
    set("net.ipv4.conf.eth0.rp_filter", "0")(f);
  });
  the_only("SF708", doctor_says(facts));
}

// Checks leave by eth0 from an address that lives on eth1: answers come in there.
host::HostFacts asymmetric(const std::string& rp_filter, bool loopback = false) {
  return broken([&](host::HostFacts& f) {
    f.interfaces->push_back(sound_interface("eth1", 3));
    f.interfaces->back().loopback = loopback;
    f.addresses->push_back({3, "eth1", *Address::parse("10.0.9.1"), 24});
    for (auto& [address, path] : *f.paths) path.source = Address::parse("10.0.9.1");
    set("net.ipv4.conf.eth1.rp_filter", rp_filter)(f);
  });
}

TEST(ReversePath, StrictIsAnErrorWhereAnswersComeInElsewhere) {
  const Finding finding = the_only("SF708", doctor_says(asymmetric("1")));
  EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_EQ(finding.object, "host/interface/eth1");
  EXPECT_NE(finding.message.find("backend \"web-01\" of pool \"web\" and 1 more"), std::string::npos)
      << finding.message;
  EXPECT_TRUE(doctor_says(asymmetric("2")).empty());
  EXPECT_TRUE(doctor_says(asymmetric("1", true)).empty());
}

TEST(Arp, ThatIsNeverAnsweredIsAnError) {
  const Finding finding = the_only("SF708", doctor_says(broken(set("net.ipv4.conf.eth0.arp_ignore", "8"))));
  EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_NE(finding.fix.find("net.ipv4.conf.eth0.arp_ignore=1"), std::string::npos);
  EXPECT_TRUE(doctor_says(broken(set("net.ipv4.conf.eth0.arp_ignore", "1"))).empty());
}

}  // namespace
}  // namespace steadfast
