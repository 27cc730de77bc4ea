// SPDX-License-Identifier: Apache-2.0
// Of a change only what it adds or alters is judged.
#include "sound_host.h"

namespace steadfast {
namespace {

using doctor::Occasion;

std::string third() {
  return sound_file() + "[[pool.backend]]\nname = \"web-03\"\naddress = \"10.0.2.13\"\nweight = 100\n";
}

Findings change_from(const std::string& before, const std::string& after, const host::HostFacts& facts) {
  const Model old = model_of_file(before);
  const Model next = model_of_file(after);
  return doctor::judge(next, facts, {Occasion::change, false, &old});
}

// Everything is wrong with what runs already, and with the host.
host::HostFacts ruin() {
  return broken([](host::HostFacts& f) {
    eth0(f).up = false;
    for (auto& [address, path] : *f.paths) path.route = host::RouteKind::prohibit;
    f.paths->emplace(*Address::parse("10.0.2.13"), sound_path());
    f.agents->push_back({"systemd-networkd", 1, true, true, {}});
    f.kernel->btf = false;
    f.addresses->push_back({1, "lo", *Address::parse("192.0.2.10"), 32});
  });
}

TEST(Change, IsNotBlamedForWhatItDoesNotTouch) {
  EXPECT_EQ(codes(change_from(sound_file(), third(), ruin())), std::vector<std::string>{});
}

TEST(Change, ThatAddsABackendIsJudgedByItsWay) {
  auto facts = ruin();
  facts.paths->at(*Address::parse("10.0.2.13")).route = host::RouteKind::blackhole;
  const Finding finding = the_only("SF709", change_from(sound_file(), third(), facts));
  EXPECT_EQ(finding.object, "backend/web/web-03");
  EXPECT_EQ(finding.severity, Severity::warn);  // SF504 has the gate
}

TEST(Change, MayComeBeforeItsHosts) {
  auto facts = sound_host();
  facts.paths->emplace(*Address::parse("10.0.2.13"), sound_path());
  facts.paths->at(*Address::parse("10.0.2.13")).neighbour = host::NeighbourState::failed;
  EXPECT_EQ(the_only("SF710", change_from(sound_file(), third(), facts)).severity, Severity::warn);
}

TEST(Change, ThatNamesAnotherInterfaceIsJudgedByIt) {
  const Finding finding =
      the_only("SF701", change_from(sound_file(), sound_file("native", "\"eth0\", \"eth1\""), sound_host()));
  EXPECT_EQ(finding.object, "host/interface/eth1");
  EXPECT_EQ(finding.severity, Severity::error);
}

TEST(Change, OfTheModeConcernsEveryInterface) {
  auto facts = sound_host();
  eth0(facts).xdp_features = 0;
  EXPECT_EQ(codes(change_from(sound_file("generic"), sound_file("native"), facts)),
            std::vector<std::string>{"SF702"});
}

TEST(Change, OfAVipIsComparedWithThisHost) {
  std::string other = sound_file();
  other.replace(other.find("192.0.2.10"), 10, "192.0.2.99");
  auto facts = sound_host();
  facts.addresses->push_back({1, "lo", *Address::parse("192.0.2.99"), 32});
  the_only("SF711", change_from(sound_file(), other, facts));
}

TEST(FirstChange, ConcernsEverything) {
  const Model model = model_of_file(sound_file());
  const auto findings = doctor::judge(model, ruin(), {Occasion::change, false, nullptr});
  EXPECT_EQ(findings.size(), 6U);
}

TEST(Destinations, OfAChangeAreItsNewBackends) {
  const Model before = model_of_file(sound_file()), after = model_of_file(third());
  EXPECT_EQ(doctor::destinations(after, {Occasion::change, false, &before}),
            std::set<Address>{*Address::parse("10.0.2.13")});
  EXPECT_EQ(doctor::destinations(after, {}).size(), 3U);
}

}  // namespace
}  // namespace steadfast
