// SPDX-License-Identifier: Apache-2.0
// A target of the model becomes a probe: where it goes, along which path, and why not.
#include "keeper/questions.h"

#include <gtest/gtest.h>

#include "files.h"

namespace steadfast {
namespace {

const OwnAddresses kOwn{*Address::parse("198.51.100.9"), *Address::parse("2001:db8:51::9")};

Questions asked(const Model& model, const OwnAddresses& own = kOwn) {
  return questions_of(model, health::tasks_of(model), own);
}

const Question& path_of(const Questions& questions, const std::string& service = "web") {
  return questions.at({"web", "web-01", health::Kind::path, service});
}
const Question& address_of(const Questions& questions) {
  return questions.at({"web", "web-01", health::Kind::address, ""});
}

TEST(Questions, APathProbeIsAPacketForTheVipInTheBackendsTunnel) {
  const Questions questions = asked(web_of(2));
  EXPECT_EQ(questions.size(), 4u);
  const probe::ProbeRequest& request = path_of(questions).request;
  EXPECT_EQ(request.backend.text(), "10.0.2.11:80");
  EXPECT_EQ(request.timeout, std::chrono::seconds(1));
  ASSERT_TRUE(request.path);
  EXPECT_EQ(request.path->record.outer_bytes, 20);
  EXPECT_EQ(request.path->record.vip_port, request.path->record.port);
}

TEST(Questions, AnAddressProbeIsAnOrdinaryConnection) {
  const Questions questions = asked(web_of(1));
  EXPECT_EQ(address_of(questions).request.backend.text(), "10.0.2.11:80");
  EXPECT_FALSE(address_of(questions).request.path);
}

TEST(Questions, TheChecksOwnPortAndWordsAreUsed) {
  const Model model = model_of(lab_config(
      service("web", "192.0.2.10") +
      pool(members(1),
           "health = { type = \"http\", interval = \"2s\", timeout = \"500ms\", fall = 3, rise = 2, "
           "port = 8080, path = \"/up\", host = \"www.example\", independent = true }\n")));
  const Questions questions = asked(model);
  const probe::ProbeRequest& request = address_of(questions).request;
  EXPECT_EQ(request.backend.port, 8080);
  EXPECT_EQ(request.check.type, HealthType::http);
  EXPECT_EQ(request.check.path, "/up");
  EXPECT_EQ(request.check.host, "www.example");
  EXPECT_EQ(request.timeout, std::chrono::milliseconds(500));
}

TEST(Questions, AVipOfTheOtherFamilyIsAskedFromAnAddressOfItsFamily) {
  const Model model = model_of(lab_config(service("web", "2001:db8::10") + pool(members(1))));
  const Questions with = asked(model);
  EXPECT_TRUE(path_of(with).request.path);
  const Questions without = asked(model, {kOwn.v4, {}});
  EXPECT_FALSE(path_of(without).request.path);
  EXPECT_NE(path_of(without).problem.find("service \"web\" is IPv6"), std::string::npos);
  EXPECT_EQ(address_of(without).problem, "");
}

TEST(Questions, ATcpCheckAsksTheTcpServiceOfAPoolThatHasOne) {
  const Model model = model_of(
      lab_config(service("quic", "192.0.2.10", "udp") + service("web", "192.0.2.10") + pool(members(1))));
  const Questions questions = asked(model);
  EXPECT_EQ(questions.size(), 2u);
  EXPECT_TRUE(path_of(questions, "web").request.path);
}

TEST(Questions, ACheckOfAnotherProtocolAsksWhatThereIs) {
  const Model model = model_of(lab_config(service("web", "192.0.2.10", "udp") + pool(members(1))));
  const Questions questions = asked(model);
  EXPECT_EQ(path_of(questions).request.path->record.protocol, 6);
}

TEST(Checkups, KnowTheServiceAndTheRoomOfItsPath) {
  const Model model = web_of(2);
  NextHops hops = hops_for(model);
  for (auto& [address, hop] : hops) hop.mtu = 1400;
  const auto checkups = checkups_of(model, hops, "web", "web-02", kOwn);
  ASSERT_EQ(checkups.size(), 1u);
  EXPECT_EQ(checkups[0].service, "web");
  EXPECT_EQ(checkups[0].patient.row.mtu, 1400);
  EXPECT_EQ(checkups[0].patient.port, 80);
  EXPECT_TRUE(checkups_of(model, hops, "web", "web-09", kOwn).empty());
}

TEST(Checkups, KnowThatAServerWithoutACheckMayIgnoreDatagrams) {
  const Model udp = model_of(lab_config(service("web", "192.0.2.10", "udp") + pool(members(1), "")));
  EXPECT_TRUE(checkups_of(udp, hops_for(udp), "web", "web-01", kOwn).at(0).patient.may_be_silent);
  const Model tcp = model_of(lab_config(service("web", "192.0.2.10") + pool(members(1), "")));
  EXPECT_FALSE(checkups_of(tcp, hops_for(tcp), "web", "web-01", kOwn).at(0).patient.may_be_silent);
}

std::vector<std::string> asked_before(const Model& after, const Model* before) {
  std::vector<std::string> names;
  for (const Checkup& checkup : checkups_of_change(after, hops_for(after), before, kOwn))
    names.push_back(checkup.service + " " + checkup.backend);
  return names;
}
using Names = std::vector<std::string>;

TEST(CheckupsOfChange, AreOfWhatIsNewOrMoved) {
  const Model before = web_of(2);
  EXPECT_EQ(asked_before(before, nullptr), (Names{"web web-01", "web web-02"}));
  EXPECT_EQ(asked_before(before, &before), Names());
  EXPECT_EQ(asked_before(web_of(3), &before), Names{"web web-03"});
  Model moved = web_of(2);
  moved.pools[0].backends[1].address.value = *Address::parse("10.0.2.77");
  EXPECT_EQ(asked_before(moved, &before), Names{"web web-02"});
}

TEST(CheckupsOfChange, AreOfAllWhenTheServiceGoesAnotherWay) {
  const Model before = web_of(2);
  Model gue = web_of(2);
  gue.services[0].forward = Forward::gue;
  EXPECT_EQ(asked_before(gue, &before).size(), 2u);
  Model port = web_of(2);
  port.services[0].port.value = 81;
  EXPECT_EQ(asked_before(port, &before).size(), 2u);
}

TEST(CheckupsOfChange, AreNotOfWhatOnlyGetsMoreOrLess) {
  const Model before = web_of(2);
  Model lighter = web_of(2);
  lighter.pools[0].backends[0].weight = 1;
  lighter.pools[0].backends[1].state = BackendState::drain;
  EXPECT_EQ(asked_before(lighter, &before), Names());
}

TEST(CheckupsOfChange, AreOfWhoComesBackFromADrain) {
  Model before = web_of(2);
  before.pools[0].backends[1].state = BackendState::drain;
  EXPECT_EQ(asked_before(web_of(2), &before), Names{"web web-02"});
}

TEST(CheckupsOfChange, AreNotOfWhatNoPacketCanReachYet) {
  const Model after = web_of(2);
  NextHops hops = hops_for(after);
  hops.erase(after.pools[0].backends[0].address.value);
  ASSERT_EQ(checkups_of_change(after, hops, nullptr, kOwn).size(), 1u);
  EXPECT_EQ(checkups_of_change(after, hops, nullptr, kOwn)[0].backend, "web-02");
}

}  // namespace
}  // namespace steadfast
