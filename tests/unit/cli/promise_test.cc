// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/promise.h"

#include <gtest/gtest.h>

namespace steadfast::cli {
namespace {

Result<Confirmation> of(std::vector<std::pair<std::string, std::string>> options) {
  Arguments arguments;
  for (auto& [name, value] : options) arguments.set(name, {value});
  return confirmation_of(arguments);
}

TEST(Promise, ADurationHasItsUnit) {
  EXPECT_EQ(*parse_seconds("60s", "--confirm"), 60);
  EXPECT_EQ(*parse_seconds("2m", "--confirm"), 120);
  EXPECT_EQ(*parse_seconds("1500ms", "--confirm"), 1.5);
  for (const char* text : {"60", "", "s", "-1s", "0s", "1.5s", "60 s", "60s "}) {
    const auto parsed = parse_seconds(text, "--confirm");
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().what.find("--confirm \"" + std::string(text) + "\""), std::string::npos);
  }
}

TEST(Promise, WithoutAnOptionAChangeIsFinalAtOnce) {
  const auto none = of({});
  ASSERT_TRUE(none);
  EXPECT_EQ(none->within_s, 0);
  EXPECT_FALSE(none->automatic);
  EXPECT_TRUE(none->canary.empty());
}

TEST(Promise, ACanaryIsStagesThatRise) {
  const auto canary = of({{"--canary", "5%:20s,50%:1m"}});
  ASSERT_TRUE(canary);
  ASSERT_EQ(canary->canary.size(), 2u);
  EXPECT_DOUBLE_EQ(canary->canary[0].share, 0.05);
  EXPECT_EQ(canary->canary[0].hold_s, 20);
  EXPECT_DOUBLE_EQ(canary->canary[1].share, 0.5);
  EXPECT_EQ(canary->canary[1].hold_s, 60);
}

TEST(Promise, ACanaryThatCannotBeMeantIsRefused) {
  for (const char* text : {"", "5%", "5:20s", "5%:20", "0%:20s", "100%:20s", "5%:20s,", ",5%:20s", "5%:0s",
                           "50%:20s,5%:20s", "5%:20s,5%:20s", "5%:20s;50%:20s"})
    EXPECT_FALSE(of({{"--canary", text}})) << text;
}

TEST(Promise, NobodyConfirmsAtAnUnknownTime) {
  EXPECT_FALSE(of({{"--auto-confirm", ""}}));
  const auto both = of({{"--auto-confirm", ""}, {"--confirm", "60s"}});
  ASSERT_TRUE(both);
  EXPECT_TRUE(both->automatic);
  EXPECT_EQ(both->within_s, 60);
}

}  // namespace
}  // namespace steadfast::cli
