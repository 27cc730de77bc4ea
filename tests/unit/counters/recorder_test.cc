// SPDX-License-Identifier: Apache-2.0
#include "counters/recorder.h"

#include <gtest/gtest.h>

#include "counters/stripes.h"
#include "support/lab.h"

namespace steadfast {
namespace {

std::string service_text(const std::string& name, int port) {
  return "[[service]]\nname = \"" + name +
         "\"\nvip = \"192.0.2.10\"\nprotocol = \"tcp\"\nport = " + std::to_string(port) +
         "\nforward = \"ipip\"\npool = \"" + name + "\"\n";
}

std::string pool_text(const std::string& name, const std::string& host) {
  return "[[pool]]\nname = \"" + name + "\"\n[[pool.backend]]\nname = \"" + name + "-01\"\naddress = \"" +
         host + "\"\nweight = 100\n";
}

const std::string kTwo = lab_config(service_text("web", 443) + service_text("api", 8443) +
                                    pool_text("web", "10.0.2.1") + pool_text("api", "10.0.2.2"));
const std::string kWebOnly = lab_config(service_text("web", 443) + pool_text("web", "10.0.2.1"));
const std::string kWeb = "tcp 192.0.2.10:443", kApi = "tcp 192.0.2.10:8443";

// A recorder over a host engine whose counters the test writes by hand.
class RecorderTest : public testing::Test {
 protected:
  RecorderTest() : lab_(Engine::host, kTwo) {}

  Running running() { return {1, lab_.model(), lab_.tables(), {}, {}}; }
  void sample(double now_s) { recorder_.sample(read_counters(lab_.memory()), running(), revision_, now_s); }

  std::uint32_t service_id(const std::string& endpoint) {
    const auto& origins = lab_.tables().service_origin;
    for (std::uint32_t id = 1; id < origins.size(); ++id)
      if (origins[id].service != SIZE_MAX &&
          lab_.model().services[origins[id].service].endpoint() == endpoint)
        return id;
    ADD_FAILURE() << endpoint;
    return 0;
  }
  std::uint32_t backend_id(const std::string& endpoint) {
    const auto& origins = lab_.tables().backend_origin;
    for (std::uint32_t id = 1; id < origins.size(); ++id)
      if (origins[id].service != SIZE_MAX &&
          lab_.model().services[origins[id].service].endpoint() == endpoint)
        return id;
    ADD_FAILURE() << endpoint;
    return 0;
  }
  // On the last CPU, so that a reader of one CPU alone would miss them.
  void carry(const std::string& endpoint, std::uint64_t packets, std::uint64_t new_flows) {
    const sf_capacity& capacity = lab_.memory().capacity;
    const std::size_t cpu = capacity.cpus - 1;
    lab_.memory()
        .counts[(cpu * SF_VERDICT_ROOM + SF_FORWARDED) * capacity.services + service_id(endpoint)]
        .packets += packets;
    lab_.memory().flow_counts[cpu * capacity.backends + backend_id(endpoint)].new_flows += new_flows;
  }
  void carry_each_second(const std::string& endpoint, std::uint64_t packets, std::uint64_t flows, int from,
                         int to) {
    for (int second = from; second <= to; ++second) {
      carry(endpoint, packets, flows);
      sample(second);
    }
  }

  Lab lab_;
  Recorder recorder_;
  std::uint64_t revision_ = 1;
};

TEST_F(RecorderTest, KnowsNothingBeforeItsFirstSample) { EXPECT_FALSE(recorder_.traffic(0).known); }

TEST_F(RecorderTest, GivesRatesOverTheLastSeconds) {
  sample(0);
  carry_each_second(kWeb, 1000, 10, 1, 10);
  const Traffic traffic = recorder_.traffic(10);
  EXPECT_TRUE(traffic.known);
  EXPECT_DOUBLE_EQ(traffic.of(kWeb).packets_per_s, 1000);
  EXPECT_DOUBLE_EQ(traffic.of(kWeb).new_flows_per_s, 10);
  EXPECT_EQ(traffic.of(kWeb).packets_lately, 10'000u);
  EXPECT_DOUBLE_EQ(traffic.of(kApi).packets_per_s, 0);
  EXPECT_EQ(traffic.of(kApi).packets_lately, 0u);
}

TEST_F(RecorderTest, ForgetsARateWithinSecondsAndKeepsItsPeak) {
  sample(0);
  carry_each_second(kWeb, 1000, 10, 1, 10);
  carry_each_second(kWeb, 0, 0, 11, 16);
  const ServiceTraffic web = recorder_.traffic(16).of(kWeb);
  EXPECT_DOUBLE_EQ(web.packets_per_s, 0);
  EXPECT_DOUBLE_EQ(web.peak_packets_per_s, 1000);
  EXPECT_DOUBLE_EQ(web.peak_new_flows_per_s, 10);
  EXPECT_EQ(web.packets_lately, 10'000u);
}

TEST_F(RecorderTest, ForgetsPacketsAfterAQuarterOfAnHour) {
  sample(0);
  carry(kWeb, 7, 0);
  sample(1);
  sample(890);
  EXPECT_EQ(recorder_.traffic(890).of(kWeb).packets_lately, 7u);
  sample(911);
  EXPECT_EQ(recorder_.traffic(911).of(kWeb).packets_lately, 0u);
}

TEST_F(RecorderTest, TakesWhatWasCountedBeforeForLatelyButForNoRate) {
  carry(kWeb, 1'000'000, 1000);
  sample(0);
  sample(1);
  const ServiceTraffic web = recorder_.traffic(1).of(kWeb);
  EXPECT_EQ(web.packets_lately, 1'000'000u);
  EXPECT_DOUBLE_EQ(web.peak_packets_per_s, 0);
  EXPECT_DOUBLE_EQ(web.peak_new_flows_per_s, 0);
}

TEST_F(RecorderTest, IsBlindWithoutSamples) {
  sample(0);
  EXPECT_TRUE(recorder_.traffic(30).known);
  EXPECT_FALSE(recorder_.traffic(31).known);
}

TEST_F(RecorderTest, NeverGoesBackWhenACounterIsZeroed) {
  sample(0);
  carry(kWeb, 1000, 100);
  sample(1);
  zero_service(lab_.memory(), service_id(kWeb));
  zero_backend(lab_.memory(), backend_id(kWeb));
  carry(kWeb, 3, 2);
  sample(2);
  const ServiceTraffic web = recorder_.traffic(2).of(kWeb);
  EXPECT_EQ(web.packets_lately, 1003u);
  EXPECT_DOUBLE_EQ(web.packets_per_s, 1003.0 / 2);
  EXPECT_DOUBLE_EQ(web.new_flows_per_s, 102.0 / 2);
}

TEST_F(RecorderTest, KeepsAServiceThatIsGoneForAQuarterOfAnHour) {
  sample(0);
  carry(kApi, 5, 1);
  sample(1);
  lab_.publish(kWebOnly);
  ++revision_;
  sample(2);
  EXPECT_EQ(recorder_.traffic(2).of(kApi).packets_lately, 5u);
  sample(902);
  EXPECT_EQ(recorder_.traffic(902).services.count(kApi), 0u);
  EXPECT_EQ(recorder_.traffic(902).services.count(kWeb), 1u);
}

TEST_F(RecorderTest, AServiceThatComesBackToItsRowIsNotCountedTwice) {
  sample(0);
  carry(kApi, 5, 1);
  sample(1);
  Tables without = lab_.tables();
  without.service_origin[service_id(kApi)].service = SIZE_MAX;
  without.backend_origin[backend_id(kApi)].service = SIZE_MAX;
  recorder_.sample(read_counters(lab_.memory()), {2, lab_.model(), without, {}, {}}, ++revision_, 2);
  ++revision_;
  carry(kApi, 2, 1);
  sample(3);
  EXPECT_EQ(recorder_.traffic(3).of(kApi).packets_lately, 7u);
}

TEST_F(RecorderTest, CountsAllThatARowCountsForItsNewOwner) {
  sample(0);
  carry(kWeb, 1000, 100);
  sample(1);
  Tables swapped = lab_.tables();
  std::swap(swapped.service_origin[service_id(kWeb)], swapped.service_origin[service_id(kApi)]);
  std::swap(swapped.backend_origin[backend_id(kWeb)], swapped.backend_origin[backend_id(kApi)]);
  const std::uint32_t old_service = service_id(kWeb), old_backend = backend_id(kWeb);
  zero_service(lab_.memory(), old_service);
  zero_backend(lab_.memory(), old_backend);
  carry(kWeb, 2000, 200);  // into the rows that are api's from now on
  recorder_.sample(read_counters(lab_.memory()), {2, lab_.model(), swapped, {}, {}}, ++revision_, 2);
  EXPECT_EQ(recorder_.traffic(2).of(kApi).packets_lately, 2000u);
  EXPECT_EQ(recorder_.traffic(2).of(kWeb).packets_lately, 1000u);
  EXPECT_DOUBLE_EQ(recorder_.traffic(2).of(kApi).new_flows_per_s, 200.0 / 2);
}

}  // namespace
}  // namespace steadfast
