// SPDX-License-Identifier: Apache-2.0
#include "report/quantity.h"

#include <gtest/gtest.h>

namespace steadfast::report {
namespace {

TEST(Quantity, CountsAreGroupedInThousandsAndExact) {
  EXPECT_EQ(count(0), "0");
  EXPECT_EQ(count(999), "999");
  EXPECT_EQ(count(1000), "1,000");
  EXPECT_EQ(count(18446744073709551615u), "18,446,744,073,709,551,615");
}

TEST(Quantity, BytesChangeTheUnitBeforeTheyPrintAsAThousandAndTwentyFour) {
  EXPECT_EQ(bytes(0), "0 B");
  EXPECT_EQ(bytes(1023), "1023 B");
  EXPECT_EQ(bytes(1024), "1.0 KiB");
  EXPECT_EQ(bytes(1024 * 1024 - 1), "1.0 MiB");
  EXPECT_EQ(bytes(18446744073709551615u), "16.0 EiB");
}

TEST(Quantity, PercentShowsTwoPlaces) {
  EXPECT_EQ(percent(0), "0.00%");
  EXPECT_EQ(percent(0.12346), "12.35%");
  EXPECT_EQ(percent(1), "100.00%");
}

TEST(Quantity, DurationNamesTheLargestUnits) {
  EXPECT_EQ(duration(42), "42s");
  EXPECT_EQ(duration(60), "1m");
  EXPECT_EQ(duration(3600), "1h 0m");
  EXPECT_EQ(duration(93784), "1d 2h 3m");
}

}  // namespace
}  // namespace steadfast::report
