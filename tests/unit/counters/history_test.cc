// SPDX-License-Identifier: Apache-2.0
#include "counters/history.h"

#include <gtest/gtest.h>

#include <cmath>

#include "counters/history_cell.h"
#include "counters/stripes.h"
#include "support/lab.h"

namespace steadfast {
namespace {

using history::Step;

std::string service_text(const std::string& name, int port) {
  return "[[service]]\nname = \"" + name +
         "\"\nvip = \"192.0.2.10\"\nprotocol = \"tcp\"\nport = " + std::to_string(port) +
         "\nforward = \"ipip\"\npool = \"p" + std::to_string(port) + "\"\n[[pool]]\nname = \"p" +
         std::to_string(port) + "\"\n[[pool.backend]]\nname = \"b\"\naddress = \"10.0.2." +
         std::to_string(port % 250) + "\"\nweight = 100\n";
}

constexpr int kWeb = 443, kApi = 444;
const std::string kTwo = lab_config(service_text("web", kWeb) + service_text("api", kApi));
const std::string kWebOnly = lab_config(service_text("web", kWeb));
const std::string kRenamed = lab_config(service_text("front", kWeb) + service_text("api", kApi));

TEST(HistoryCell, IsExactUpTo256AndWithin4PerThousandBeyond) {
  for (std::uint64_t count = 0; count <= 256; ++count) EXPECT_EQ(count_of(cell_of(count)), count);
  for (double count = 257; count < static_cast<double>(kCellMost); count *= 1.013) {
    const auto whole = static_cast<std::uint64_t>(count);
    const auto told = static_cast<double>(count_of(cell_of(whole)));
    EXPECT_NEAR(told / static_cast<double>(whole), 1, 0.004) << whole;
  }
  EXPECT_EQ(count_of(cell_of(511)), 512u) << "a carry out of the mantissa";
  EXPECT_EQ(count_of(cell_of(~0ull)), kCellMost);
  EXPECT_LT(cell_of(~0ull), 1u << kCellBits);
}

TEST(HistoryRing, ForgetsWhatWasSkippedAndWhatIsATurnAgo) {
  HistoryRing ring(6, 4);
  const std::uint64_t counts[] = {1, 2, 3, 4, 5, 600};
  for (const std::int64_t number : {-2, -1, 0, 1}) ring.put(number, counts);
  EXPECT_EQ(ring.at(-2, 0), 1u);
  EXPECT_EQ(ring.at(1, 5), 600u);
  ring.put(4, counts);
  EXPECT_EQ(ring.at(1, 4), 5u);
  EXPECT_EQ(ring.at(2, 0), std::nullopt);
  EXPECT_EQ(ring.at(3, 0), std::nullopt);
  EXPECT_EQ(ring.at(4, 0), 1u);
  EXPECT_EQ(ring.at(5, 0), std::nullopt);
  EXPECT_EQ(ring.at(0, 0), std::nullopt);
}

// A host engine whose counters the test writes by hand.
class TrafficHistoryTest : public testing::Test {
 protected:
  TrafficHistoryTest() : lab_(Engine::host, kTwo) {}

  void sample(double now_s) {
    history_.sample(read_counters(lab_.memory()), {revision_, lab_.model(), lab_.tables(), {}, {}}, revision_,
                    now_s);
  }
  void publish(const std::string& text) {
    lab_.publish(text);
    ++revision_;
  }
  std::uint32_t service_id(int port) const {
    const auto& origins = lab_.tables().service_origin;
    for (std::uint32_t id = 1; id < origins.size(); ++id)
      if (origins[id].service != SIZE_MAX && lab_.model().services[origins[id].service].port.value == port)
        return id;
    ADD_FAILURE() << port;
    return 0;
  }
  std::uint32_t backend_id(int port) const {
    const auto& origins = lab_.tables().backend_origin;
    for (std::uint32_t id = 1; id < origins.size(); ++id)
      if (origins[id].service != SIZE_MAX && lab_.model().services[origins[id].service].port.value == port)
        return id;
    ADD_FAILURE() << port;
    return 0;
  }
  void count(std::uint32_t service, sf_verdict verdict, std::uint64_t packets) {
    const sf_capacity& capacity = lab_.memory().capacity;
    lab_.memory()
        .counts[((capacity.cpus - 1) * SF_VERDICT_ROOM + verdict) * capacity.services + service]
        .packets += packets;
  }
  void carry(int port, std::uint64_t packets) { count(service_id(port), SF_FORWARDED, packets); }
  void begin_flows(int port, std::uint64_t flows) {
    lab_.memory().flow_counts[backend_id(port)].new_flows += flows;
  }
  // A packet count for every second from `from` on, each sample at its end.
  void each_second(int port, std::int64_t from, std::int64_t to, std::uint64_t packets) {
    for (std::int64_t second = from; second < to; ++second) {
      carry(port, packets);
      sample(static_cast<double>(second + 1));
    }
  }

  static std::vector<double> line(const history::Stretch& stretch, const std::string& name) {
    for (const history::Rates& rates : stretch.rates)
      if (rates.name == name) return rates.values;
    return {};
  }
  std::vector<double> web(std::size_t seconds, const std::string& name = "packets") const {
    return line(history_.service("web", Step::second, seconds), name);
  }
  static std::string text(const std::vector<double>& values) {
    std::string all;
    for (const double value : values)
      all += (all.empty() ? "" : " ") + (std::isnan(value) ? "-" : std::to_string(std::llround(value)));
    return all;
  }

  Lab lab_;
  TrafficHistory history_;
  std::uint64_t revision_ = 1;
};

TEST_F(TrafficHistoryTest, GivesWhatEachSecondCounted) {
  sample(100);
  for (const std::uint64_t packets : {10u, 20u, 30u}) {
    carry(kWeb, packets);
    begin_flows(kWeb, packets / 10);
    sample(100.0 + static_cast<double>(packets) / 10);
  }
  carry(kWeb, 99);
  sample(103.5);
  const history::Stretch stretch = history_.service("web", Step::second, 2);
  EXPECT_EQ(stretch.step_s, 1);
  EXPECT_EQ(stretch.from_s, 101);
  EXPECT_EQ(text(line(stretch, "packets")), "20 30");
  EXPECT_EQ(text(line(stretch, "new_flows")), "2 3");
  EXPECT_EQ(text(line(history_.service("api", Step::second, 2), "packets")), "0 0");
}

TEST_F(TrafficHistoryTest, TheFirstSecondIsNotKnownWhole) {
  carry(kWeb, 1'000'000);
  sample(100.3);
  carry(kWeb, 7);
  sample(101.0);
  each_second(kWeb, 101, 103, 5);
  EXPECT_EQ(text(web(4)), "- - 5 5");
}

TEST_F(TrafficHistoryTest, LaysASampleOnTheSecondsItSpansToThePacket) {
  sample(100);
  sample(101);
  carry(kWeb, 101);
  sample(102.5);
  carry(kWeb, 100);
  sample(104);
  EXPECT_EQ(text(web(4)), "0 67 67 67");
}

TEST_F(TrafficHistoryTest, KeepsDropsApartByWhoCanChangeThem) {
  sample(100);
  count(service_id(kWeb), SF_NO_BACKEND, 1);
  count(service_id(kWeb), SF_BAD_ICMP, 2);
  count(service_id(kWeb), SF_SOURCE_DENIED, 4);
  carry(kWeb, 8);
  sample(101);
  EXPECT_EQ(text(web(1)), "15");
  EXPECT_EQ(text(web(1, "dropped-by-configuration")), "1");
  EXPECT_EQ(text(web(1, "dropped-by-sender")), "2");
  EXPECT_EQ(text(web(1, "dropped-by-limit")), "4");
}

TEST_F(TrafficHistoryTest, TheHostIsTheSumWithEveryVerdictThatWasCounted) {
  sample(100);
  carry(kWeb, 10);
  carry(kApi, 5);
  count(0, SF_NOT_SERVICE, 3);
  count(service_id(kApi), SF_NO_BACKEND, 2);
  sample(101);
  const history::Stretch host = history_.host(Step::second, 1);
  EXPECT_EQ(text(line(host, "packets")), "20");
  EXPECT_EQ(text(line(host, "forwarded")), "15");
  EXPECT_EQ(text(line(host, "not_service")), "3");
  EXPECT_EQ(text(line(host, "no_backend")), "2");
  EXPECT_EQ(text(line(host, "dropped-by-configuration")), "2");
  EXPECT_TRUE(line(host, "no_next_hop").empty());
}

TEST_F(TrafficHistoryTest, AStretchWithoutSamplesIsAGapAndNeverZero) {
  sample(100);
  each_second(kWeb, 100, 103, 6);
  carry(kWeb, 1000);
  sample(107.5);
  carry(kWeb, 9);
  sample(108);
  each_second(kWeb, 108, 110, 6);
  EXPECT_EQ(text(web(10)), "6 6 6 - - - - - 6 6");
}

TEST_F(TrafficHistoryTest, ACounterThatWasZeroedBeginsAgain) {
  sample(100);
  each_second(kWeb, 100, 101, 50);
  zero_service(lab_.memory(), service_id(kWeb));
  each_second(kWeb, 101, 102, 4);
  EXPECT_EQ(text(web(2)), "50 4");
}

TEST_F(TrafficHistoryTest, ARenamedServiceKeepsItsPast) {
  sample(100);
  each_second(kWeb, 100, 101, 5);
  publish(kRenamed);
  each_second(kWeb, 101, 102, 6);
  EXPECT_EQ(text(line(history_.service("front", Step::second, 2), "packets")), "5 6");
  EXPECT_TRUE(history_.service("web", Step::second, 2).rates.empty());
}

TEST_F(TrafficHistoryTest, AServiceThatIsGoneIsKeptAndHasAGapUntilItIsBack) {
  sample(100);
  each_second(kApi, 100, 102, 5);
  publish(kWebOnly);
  each_second(kWeb, 102, 104, 1);
  const std::size_t with_both = history_.bytes();
  EXPECT_EQ(text(line(history_.service("api", Step::second, 4), "packets")), "5 5 - -");
  publish(kTwo);
  each_second(kApi, 104, 106, 7);
  EXPECT_EQ(text(line(history_.service("api", Step::second, 6), "packets")), "5 5 - - - 7");
  publish(kWebOnly);
  sample(107);
  publish(kWebOnly);
  sample(107 + 3600);
  EXPECT_TRUE(history_.service("api", Step::second, 1).rates.empty());
  EXPECT_LT(history_.bytes(), with_both - 40'000);
}

TEST_F(TrafficHistoryTest, MinutesAreRatesOfWhatIsKnownOfThem) {
  sample(6000);
  each_second(kWeb, 6000, 6060, 10);
  each_second(kWeb, 6060, 6100, 20);
  sample(6110);
  each_second(kWeb, 6110, 6120, 20);
  each_second(kWeb, 6120, 6140, 1);
  sample(6175);
  each_second(kWeb, 6175, 6240, 30);
  const history::Stretch day = history_.service("web", Step::minute, 5);
  EXPECT_EQ(day.step_s, 60);
  EXPECT_EQ(day.from_s, 5940);
  EXPECT_EQ(text(line(day, "packets")), "- 10 20 - 30");
}

TEST(HistorySeries, KeepsAnHourOfSecondsAndADayOfMinutes) {
  constexpr std::int64_t kEnd_s = 25 * 3600;
  HistorySeries series(1);
  series.begin_second();
  for (std::int64_t second = 0; second < kEnd_s; ++second) {
    series.count(0, 3);
    series.pass(static_cast<double>(second), static_cast<double>(second + 1));
  }
  EXPECT_EQ(series.second(kEnd_s - 3601, 0), std::nullopt);
  for (std::int64_t second = kEnd_s - 3600; second < kEnd_s; ++second)
    ASSERT_EQ(series.second(second, 0), 3u);
  EXPECT_EQ(series.minute(kEnd_s / 60 - 1441, 0), std::nullopt);
  for (std::int64_t minute = kEnd_s / 60 - 1440; minute < kEnd_s / 60; ++minute)
    ASSERT_EQ(series.minute(minute, 0), 180u);
  EXPECT_EQ(series.minute(kEnd_s / 60, 0), std::nullopt);
}

}  // namespace
}  // namespace steadfast
