// SPDX-License-Identifier: Apache-2.0
#include "sound_host.h"

namespace steadfast {
namespace {

using host::AttachMode;

TEST(Interfaces, ThatAreMissingDownOrWithoutCarrierAreNamedWithTheirPlace) {
  const Finding missing =
      the_only("SF701", doctor_says(broken([](host::HostFacts& f) { f.interfaces->pop_back(); })));
  EXPECT_EQ(missing.severity, Severity::error);
  EXPECT_EQ(missing.object, "host/interface/eth0");
  EXPECT_EQ(missing.place.line, 3U);
  EXPECT_EQ(missing.file, "edge.toml");
  EXPECT_NE(missing.message.find("does not exist"), std::string::npos);

  const Finding down = the_only("SF701", doctor_says(broken([](host::HostFacts& f) { eth0(f).up = false; })));
  EXPECT_EQ(down.fix, "ip link set dev eth0 up");

  const Finding dark =
      the_only("SF701", doctor_says(broken([](host::HostFacts& f) { eth0(f).carrier = false; })));
  EXPECT_NE(dark.message.find("no carrier"), std::string::npos);
}

TEST(NativeXdp, IsAskedOfTheDriver) {
  const auto facts = broken([](host::HostFacts& f) {
    eth0(f).xdp_features = 0;
    eth0(f).driver = "e100";
  });
  const Finding finding = the_only("SF702", doctor_says(facts));
  EXPECT_EQ(finding.severity, Severity::gate);
  EXPECT_NE(finding.message.find("(e100)"), std::string::npos);
  EXPECT_TRUE(doctor_says(facts, sound_file("generic")).empty());
}

TEST(NativeXdp, IsNotJudgedWhereTheKernelCannotTell) {
  EXPECT_TRUE(doctor_says(broken([](host::HostFacts& f) { eth0(f).xdp_features.reset(); })).empty());
}

TEST(NativeXdp, ThatRunsInGenericModeIsNamedOnlyOfWhatRuns) {
  const auto facts = broken([](host::HostFacts& f) {
    eth0(f).programs.push_back({kOurProgram, AttachMode::generic, "sf_lb"});
    f.bpffs->pins.push_back(our_link("eth0", kOurProgram));
  });
  const Finding finding =
      the_only("SF702", doctor_says(facts, sound_file(), {doctor::Occasion::question, true, nullptr}));
  EXPECT_NE(finding.message.find("generic mode on eth0"), std::string::npos);
  EXPECT_TRUE(doctor_says(facts).empty());  // another mode is what applying the file is for
}

TEST(FrameSize, IsLimitedByOneBufferOfNativeXdp) {
  const auto facts = broken([](host::HostFacts& f) { eth0(f).mtu = 3507; });
  const Finding finding = the_only("SF703", doctor_says(facts));
  EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_NE(finding.message.find("3507, is above 3506"), std::string::npos);
  EXPECT_TRUE(doctor_says(facts, sound_file("generic")).empty());
  EXPECT_TRUE(doctor_says(broken([](host::HostFacts& f) { eth0(f).mtu = 3506; })).empty());
  EXPECT_TRUE(doctor_says(broken([](host::HostFacts& f) {
                eth0(f).mtu = 9000;
                f.kernel->page_bytes = 65536;
              })).empty());
}

// The kernel has taken the program with that MTU: it knows better.
TEST(FrameSize, IsNotJudgedWhereTheProgramRuns) {
  EXPECT_TRUE(doctor_says(broken([](host::HostFacts& f) {
                eth0(f).mtu = 9000;
                eth0(f).programs.push_back({kOurProgram, AttachMode::native, "sf_lb"});
                f.bpffs->pins.push_back(our_link("eth0", kOurProgram));
              })).empty());
}

TEST(ForeignProgram, IsNamedWithItsIdAndMode) {
  const auto facts = broken([](host::HostFacts& f) {
    eth0(f).programs.push_back({12, AttachMode::generic, "xdp_dispatcher"});
  });
  const Finding finding = the_only("SF704", doctor_says(facts));
  EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_EQ(finding.message, "XDP program \"xdp_dispatcher\" (id 12, generic) is attached to eth0");
  EXPECT_NE(finding.fix.find("ip link set dev eth0 xdpgeneric off"), std::string::npos);
}

// The name proves nothing: another Steadfast has it too.
TEST(ForeignProgram, IsOneThatNoPinOfOursHolds) {
  const auto facts = broken([](host::HostFacts& f) {
    eth0(f).programs.push_back({12, AttachMode::native, "sf_lb"});
    f.bpffs->pins.push_back(our_link("eth0", kOurProgram));
  });
  the_only("SF704", doctor_says(facts));
}

TEST(Offloads, ThatChangeFramesAreNamed) {
  const Finding lro = the_only("SF705", doctor_says(broken([](host::HostFacts& f) { eth0(f).lro = true; })));
  EXPECT_EQ(lro.severity, Severity::error);
  EXPECT_EQ(lro.fix, "ethtool -K eth0 lro off");
}

TEST(Offloads, OfTheVlanTagMatterWhereThereAreVlans) {
  const Break stripping = [](host::HostFacts& f) { eth0(f).rx_vlan = true; };
  EXPECT_TRUE(doctor_says(broken(stripping)).empty());
  auto facts = broken(stripping);
  host::Interface vlan = sound_interface("eth0.10", 3);
  vlan.kind = "vlan";
  vlan.lower = 2;
  facts.interfaces->push_back(vlan);
  const Finding finding = the_only("SF705", doctor_says(facts));
  EXPECT_EQ(finding.severity, Severity::warn);
  EXPECT_EQ(finding.fix, "ethtool -K eth0 rxvlan off");
}

TEST(Queues, AreComparedWithCpusOnHardware) {
  const Break few = [](host::HostFacts& f) { eth0(f).tx_queues = 4; };
  const Finding finding = the_only("SF706", doctor_says(broken(few)));
  EXPECT_EQ(finding.severity, Severity::warn);
  EXPECT_EQ(finding.fix, "ethtool -L eth0 combined 8");
  EXPECT_TRUE(doctor_says(broken([&](host::HostFacts& f) {
                few(f);
                eth0(f).kind = "veth";
              })).empty());
}

host::HostFacts with_two_legs(bool transmits) {
  return broken([&](host::HostFacts& f) {
    f.interfaces->push_back(sound_interface("eth1", 3));
    f.bpffs->pins = {our_link("eth0", kOurProgram), our_link("eth1", kOurProgram)};
    for (host::Interface& interface : *f.interfaces)
      if (!interface.loopback) interface.programs.push_back({kOurProgram, AttachMode::native, "sf_lb"});
    if (!transmits) eth0(f).xdp_features = host::kXdpBasic | host::kXdpRedirect;
  });
}

TEST(Redirect, NeedsADriverThatTakesFrames) {
  const std::string two = sound_file("native", "\"eth0\", \"eth1\"");
  const Finding finding = the_only("SF707", doctor_says(with_two_legs(false), two));
  EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_EQ(finding.object, "host/interface/eth0");
  EXPECT_TRUE(doctor_says(with_two_legs(true), two).empty());
}

// With one interface packets go back by it, and nothing is redirected.
TEST(Redirect, HappensOnlyBetweenInterfaces) { EXPECT_TRUE(doctor_says(with_two_legs(false)).empty()); }

}  // namespace
}  // namespace steadfast
