// SPDX-License-Identifier: Apache-2.0
#include "compile/precedence.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace steadfast {
namespace {

Service service(const std::string& vip, unsigned first, unsigned last, Protocol protocol = Protocol::tcp) {
  Service made;
  const Prefix prefix = *Prefix::parse(vip);
  made.vip = prefix.address;
  made.vip_bits = prefix.length;
  made.protocol = protocol;
  made.port = static_cast<std::uint16_t>(first);
  made.last_port = static_cast<std::uint16_t>(last);
  return made;
}

Model model_of(std::vector<Service> services) {
  Model model;
  model.services = std::move(services);
  return model;
}

TEST(Precedence, AServiceIsReachedWhereNothingMoreSpecificIs) {
  const Model model = model_of(
      {service("192.0.2.0/30", 1, 65535), service("192.0.2.0/31", 1, 65535), service("192.0.2.2", 1, 1000)});
  const auto points = reached_at(model);
  ASSERT_TRUE(points[0]);
  EXPECT_EQ(points[0]->address.text(), "192.0.2.2");
  EXPECT_EQ(points[0]->port, 1001);
}

TEST(Precedence, AServiceThatOthersCoverTogetherIsNeverReached) {
  const Model model = model_of({service("2001:db8::/126", 80, 81), service("2001:db8::/127", 80, 81),
                                service("2001:db8::2", 80, 80), service("2001:db8::2", 81, 81),
                                service("2001:db8::3", 80, 90)});
  EXPECT_FALSE(reached_at(model)[0]);
}

TEST(Precedence, AParkedServiceCoversNothing) {
  Model model =
      model_of({service("192.0.2.0/32", 80, 81), service("192.0.2.0", 80, 80), service("192.0.2.0", 81, 81)});
  EXPECT_FALSE(reached_at(model)[0]);
  model.services[2].state = ServiceState::parked;
  EXPECT_TRUE(reached_at(model)[0]);
  EXPECT_FALSE(reached_at(model)[2]);
}

TEST(Precedence, AnotherProtocolCoversNothing) {
  const Model model = model_of({service("192.0.2.1", 53, 53), service("192.0.2.1", 53, 53, Protocol::udp)});
  EXPECT_TRUE(reached_at(model)[0]);
  EXPECT_TRUE(reached_at(model)[1]);
}

TEST(Precedence, PointsAreThoseOfTheirOwnerAndNothingElseIsHidden) {
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    std::vector<Service> services;
    std::set<std::string> used;
    for (auto i = 1 + random() % 8; i != 0; --i) {
      Prefix vip{*Address::parse("192.0.2.0"), 28 + static_cast<unsigned>(random() % 5)};
      vip.address.bytes[3] = static_cast<std::uint8_t>(random() % 16);
      const unsigned first = 1 + static_cast<unsigned>(random() % 4);
      Service made = service(vip.network().text(), first, first + static_cast<unsigned>(random() % 3));
      // Of equal rank only one may be there, as SF202 sees to.
      if (used.insert(made.vip_prefix().text() + " " + std::to_string(rank_of(made))).second)
        services.push_back(std::move(made));
    }
    const Model model = model_of(std::move(services));
    const auto points = reached_at(model);
    std::set<const Service*> owners;
    for (unsigned host = 0; host < 16; ++host)
      for (std::uint16_t port = 1; port < 8; ++port) {
        Point point{*Address::parse("192.0.2.0"), port};
        point.address.bytes[3] = static_cast<std::uint8_t>(host);
        owners.insert(owner_of(model, Protocol::tcp, point));
      }
    for (std::size_t i = 0; i < model.services.size(); ++i) {
      ASSERT_EQ(points[i].has_value(), owners.contains(&model.services[i]));
      if (points[i]) {
        ASSERT_EQ(owner_of(model, Protocol::tcp, *points[i]), &model.services[i]);
      }
    }
  }
}

TEST(Precedence, CoveringNeedsAddressPortsAndProtocol) {
  const Service wide = service("192.0.2.0/24", 80, 90);
  EXPECT_TRUE(covers(wide, service("192.0.2.7", 80, 80)));
  EXPECT_TRUE(covers(wide, wide));
  EXPECT_FALSE(covers(wide, service("192.0.2.7", 80, 91)));
  EXPECT_FALSE(covers(wide, service("192.0.3.7", 80, 80)));
  EXPECT_FALSE(covers(wide, service("192.0.0.0/16", 80, 80)));
  EXPECT_FALSE(covers(wide, service("192.0.2.7", 80, 80, Protocol::udp)));
}

}  // namespace
}  // namespace steadfast
