// SPDX-License-Identifier: Apache-2.0
#include "config/units.h"

#include <gtest/gtest.h>

namespace steadfast::config {
namespace {

using std::chrono::milliseconds;

TEST(Duration, IsAWholeNumberAndAUnit) {
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("2s"), milliseconds(2000));
  EXPECT_EQ(parse_duration("1m"), milliseconds(60'000));
  EXPECT_EQ(parse_duration("1h"), milliseconds(3'600'000));
}

TEST(Duration, IsRefusedWithoutUnitOrWithAnythingElse) {
  for (const char* text : {"", "2", "s", "2 s", "2S", "-2s", "+2s", "2.5s", "2s ", " 2s", "2sec", "0x2s"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(Duration, DoesNotOverflow) {
  EXPECT_EQ(parse_duration("9223372036854775807h"), std::nullopt);
  EXPECT_EQ(parse_duration("99999999999999999999s"), std::nullopt);
}

TEST(Percentage, NeedsItsSignAndStaysWithinAHundred) {
  EXPECT_EQ(parse_percent("50%"), 50.0);
  EXPECT_EQ(parse_percent("12.5%"), 12.5);
  EXPECT_EQ(parse_percent("0%"), 0.0);
  EXPECT_EQ(parse_percent("100%"), 100.0);
  for (const char* text : {"", "%", "50", "50 %", "-1%", "100.1%", "1e1%", ".5%", "5.%", "nan%", "5%%"})
    EXPECT_EQ(parse_percent(text), std::nullopt) << text;
}

TEST(Count, ScalesByPowersOfTen) {
  EXPECT_EQ(parse_count("42"), 42);
  EXPECT_EQ(parse_count("10K"), 10'000);
  EXPECT_EQ(parse_count("4M"), 4'000'000);
  EXPECT_EQ(parse_count("1G"), 1'000'000'000);
  for (const char* text : {"", "K", "4Mi", "4m", "-4M", "4 M", "99999999999999999999", "99999999999999G"})
    EXPECT_EQ(parse_count(text), std::nullopt) << text;
}

TEST(Ports, AreARangeOrAllOfThem) {
  EXPECT_EQ(parse_ports("8000-8999"), (PortRange{8000, 8999}));
  EXPECT_EQ(parse_ports("80-80"), (PortRange{80, 80}));
  EXPECT_EQ(parse_ports("all"), (PortRange{1, 65535}));
  for (const char* text : {"", "80", "-", "80-", "-80", "0-80", "90-80", "80-65536", "80 - 90", "80-90-99",
                           "All", "+80-90", "80-0x5a"})
    EXPECT_EQ(parse_ports(text), std::nullopt) << text;
}

}  // namespace
}  // namespace steadfast::config
