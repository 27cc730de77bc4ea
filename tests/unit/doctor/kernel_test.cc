// SPDX-License-Identifier: Apache-2.0
#include "doctor/kernel_needs.h"
#include "probe/prober.h"
#include "sound_host.h"

namespace steadfast {
namespace {

TEST(KernelRules, NameWhatIsMissing) {
  const Finding old = the_only(
      "SF713", doctor_says(broken([](host::HostFacts& f) { f.kernel->release = "5.4.0-150-generic"; })));
  EXPECT_EQ(old.severity, Severity::error);
  the_only("SF713", doctor_says(broken([](host::HostFacts& f) { f.kernel->btf = false; })));
  const Finding timer =
      the_only("SF714", doctor_says(broken([](host::HostFacts& f) { f.kernel->timer = false; })));
  EXPECT_EQ(timer.severity, Severity::warn);
  const Finding jit =
      the_only("SF715", doctor_says(broken([](host::HostFacts& f) { f.kernel->jit = false; })));
  EXPECT_EQ(jit.severity, Severity::warn);
}

TEST(KernelRules, CompareReleasesAsNumbers) {
  EXPECT_TRUE(doctor::is_older_than_needed("5.9.0"));
  EXPECT_TRUE(doctor::is_older_than_needed("4.19.300-1"));
  EXPECT_FALSE(doctor::is_older_than_needed("5.15.0-91-generic"));
  EXPECT_FALSE(doctor::is_older_than_needed("6.1"));
  EXPECT_FALSE(doctor::is_older_than_needed("10.0"));
}

TEST(OpenFiles, MustSufficeWhenNoBackendAnswers) {
  const auto facts = broken([](host::HostFacts& f) { f.most_files = std::uint64_t{256}; });
  const Finding finding = the_only("SF608", doctor_says(facts));
  EXPECT_EQ(finding.severity, Severity::error);
  // Two backends, each asked along one path and by its own address, half of the time.
  EXPECT_EQ(doctor::files_needed(model_of_file(sound_file())), doctor::kOwnFiles + 2);
  EXPECT_NE(finding.message.find("need 258 open files"), std::string::npos) << finding.message;
}

TEST(OpenFiles, AreBoundedAsTheProberIs) {
  EXPECT_EQ(doctor::kMostProbesAtOnce, probe::ProberSettings{}.concurrency);
}

TEST(Agents, NetworkdTakesForeignRoutesUnlessToldNotTo) {
  const auto facts = broken([](host::HostFacts& f) {
    f.agents->push_back({"systemd-networkd", 1, true, true, {}});
  });
  const Finding finding = the_only("SF716", doctor_says(facts));
  EXPECT_EQ(finding.severity, Severity::warn);
  EXPECT_EQ(finding.object, "host/agent/systemd-networkd");
  EXPECT_NE(finding.fix.find("ManageForeignRoutes=no"), std::string::npos);
  EXPECT_TRUE(doctor_says(broken([](host::HostFacts& f) {
                f.agents->push_back({"systemd-networkd", 1, false, false, {"eth0"}});
              })).empty());
}

TEST(Agents, NetworkManagerIsNamedWithOurInterfaceOnly) {
  const auto managing = [](const char* interface) {
    return broken([&](host::HostFacts& f) {
      f.agents->push_back({"NetworkManager", 1, false, false, {interface}});
    });
  };
  EXPECT_EQ(the_only("SF716", doctor_says(managing("eth0"))).fix, "nmcli device set eth0 managed no");
  EXPECT_TRUE(doctor_says(managing("wlan0")).empty());
}

TEST(Agents, RoutingRulesOfOthersAreNamed) {
  const auto facts = broken([](host::HostFacts& f) {
    f.policy_rules->push_back({Family::v4, 100, "from 10.0.0.0/8 lookup 200"});
  });
  const Finding finding = the_only("SF716", doctor_says(facts));
  EXPECT_EQ(finding.object, "host/rule/100");
  EXPECT_NE(finding.message.find("from 10.0.0.0/8 lookup 200"), std::string::npos);
}

TEST(Bpffs, MustBeMounted) {
  const Finding finding =
      the_only("SF717", doctor_says(broken([](host::HostFacts& f) { f.bpffs->is_bpffs = false; })));
  EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_NE(finding.fix.find("mount -t bpf"), std::string::npos);
}

host::Pin table_pin(std::uint32_t type, std::uint32_t value_bytes) {
  host::Pin pin;
  pin.name = "sf_services";
  pin.kind = host::Pin::Kind::map;
  pin.type = type;
  pin.value_bytes = value_bytes;
  pin.row_bytes = 64;
  return pin;
}

TEST(Pins, ThatAreSomebodyElsesAreNamed) {
  const auto with = [](host::Pin pin) {
    return broken([&](host::HostFacts& f) { f.bpffs->pins.push_back(std::move(pin)); });
  };
  const Finding finding = the_only("SF717", doctor_says(with(table_pin(1, 64))));
  EXPECT_EQ(finding.object, "host/bpffs/sf_services");
  the_only("SF717", doctor_says(with(table_pin(2, 60))));
  EXPECT_TRUE(doctor_says(with(table_pin(2, 64))).empty());
  host::Pin link;
  link.name = "link-native-eth0";
  link.kind = host::Pin::Kind::program;
  the_only("SF717", doctor_says(with(link)));
}

}  // namespace
}  // namespace steadfast
