// SPDX-License-Identifier: Apache-2.0
// The balancer and its detectors: a pending change that does harm goes back at once,
// whoever was to confirm it, and noise takes nothing back.
#include "balancer_lab.h"
#include "control/live_balancer.h"

namespace steadfast {
namespace {

std::string mail() {
  return "[[service]]\nname = \"mail\"\nvip = \"192.0.2.10\"\nprotocol = \"tcp\"\nport = 25\n"
         "forward = \"ipip\"\npool = \"mail\"\n[[pool]]\nname = \"mail\"\nmin_healthy = \"50%\"\n" +
         backend("mail-01", "10.0.2.21") + backend("mail-02", "10.0.2.22");
}

class Detection : public Balancers {
 protected:
  // Backends .13 cannot be reached; with `all_lost` nobody can.
  Detection() {
    around_.resolve = [this, resolve = around_.resolve](const Model& model) {
      auto hops = resolve(model);
      for (auto& [address, hop] : *hops)
        if (all_lost_ || address == *Address::parse("10.0.2.13")) hop = {}, hop.problem = "no route";
      return hops;
    };
    start();
    EXPECT_EQ(apply(with_mail(false)).ending, Ending::applied);
    seconds(3, 50);
  }

  static std::string with_mail(bool changed) {
    return web(backend("web-01", "10.0.2.11") + backend("web-02", "10.0.2.12") +
                   (changed ? backend("web-03", "10.0.2.13") : ""),
               mail());
  }
  Outcome pend(const std::string& text) {
    Change wish = change(text);
    wish.confirmation.within_s = 60;
    return apply_anyway(wish);
  }
  void send(std::uint16_t to, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      Packet packet = syn(next_port_++, to);
      ASSERT_TRUE(kernel_.run(build_frame(packet)));
      packet.syn = false, packet.ack = true;
      if (answered_.contains(to)) ASSERT_TRUE(kernel_.run(build_frame(packet)));
    }
  }
  void second() {
    pass(1);
    balancer_->tend();
  }
  void seconds(unsigned count, unsigned packets) {
    for (unsigned i = 0; i < count; ++i) {
      send(80, packets);
      send(25, packets);
      second();
    }
  }
  std::string why(std::uint64_t number) {
    for (const GenerationInfo& generation : balancer_->generations())
      if (generation.number == number) return generation.ended_because;
    return "";
  }

  bool all_lost_ = false;
  std::set<std::uint16_t> answered_;  // services whose backends answer
  std::uint16_t next_port_ = 1024;
};

TEST_F(Detection, AnOperatorsChangeThatDropsGoesBackAtOnce) {
  ASSERT_EQ(pend(with_mail(true)).ending, Ending::pending);
  seconds(1, 50);
  EXPECT_EQ(balancer_->status().generation, 1u);
  EXPECT_FALSE(balancer_->status().pending);
  for (const char* part :
       {"service/web", "no_next_hop", "backend/web/web-03", "generation 2", "alice", "edge.toml:"})
    EXPECT_NE(why(2).find(part), std::string::npos) << why(2);
}

TEST_F(Detection, ItsAlarmSaysSoAndIsSeenInTheStatus) {
  ASSERT_EQ(pend(with_mail(true)).ending, Ending::pending);
  seconds(1, 50);
  const auto alarms = balancer_->alarms();
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_EQ(alarms[0].object, "service/web");
  EXPECT_TRUE(alarms[0].rolls_back);
  EXPECT_EQ(alarms[0].suspects[0].object, "backend/web/web-03");
  const auto alerts = balancer_->status().alerts;
  EXPECT_NE(std::find(alerts.begin(), alerts.end(), alarms[0].sentence), alerts.end());
  seconds(60, 50);
  EXPECT_TRUE(balancer_->alarms().empty());
}

TEST_F(Detection, AHarmlessChangeStaysThroughAFlood) {
  ASSERT_EQ(pend(web(backend("web-01", "10.0.2.11") + backend("web-02", "10.0.2.12") +
                         backend("web-04", "10.0.2.14"),
                     mail()))
                .ending,
            Ending::pending);
  Packet bad = syn(1);
  Frame cut = build_frame(bad);
  cut.resize(cut.size() - 10);
  for (int s = 0; s < 20; ++s) {
    for (int i = 0; i < 500; ++i) ASSERT_TRUE(kernel_.run(cut));
    seconds(1, 10);
  }
  EXPECT_TRUE(balancer_->status().pending);
  ASSERT_FALSE(balancer_->alarms().empty());
  EXPECT_FALSE(balancer_->alarms()[0].rolls_back);
}

TEST_F(Detection, WhatAllSufferIsNotTheChange) {
  ASSERT_EQ(pend(web(backend("web-01", "10.0.2.11") + backend("web-02", "10.0.2.12") +
                         backend("web-04", "10.0.2.14"),
                     mail()))
                .ending,
            Ending::pending);
  all_lost_ = true;
  ASSERT_TRUE(balancer_->refresh_next_hops());
  seconds(3, 50);
  EXPECT_TRUE(balancer_->status().pending);
  EXPECT_EQ(balancer_->alarms().size(), 2u);
}

TEST_F(Detection, AChangeThatSilencesAServiceGoesBack) {
  answered_ = {80, 25};
  seconds(60, 20);
  std::string other = with_mail(false);
  other.replace(other.find("ipip"), 4, "gue");
  ASSERT_EQ(pend(other).ending, Ending::pending);
  seconds(10, 20);
  EXPECT_TRUE(balancer_->status().pending);
  answered_ = {25};
  seconds(25, 20);
  EXPECT_EQ(balancer_->status().generation, 1u);
  for (const char* part : {"service/web", "handshakes", "generation 2"})
    EXPECT_NE(why(2).find(part), std::string::npos) << why(2);
  ASSERT_EQ(balancer_->alarms().size(), 1u);
  const auto alerts = balancer_->status().alerts;
  EXPECT_NE(std::find(alerts.begin(), alerts.end(), balancer_->alarms()[0].sentence), alerts.end());
}

}  // namespace
}  // namespace steadfast
