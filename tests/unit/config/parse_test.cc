// SPDX-License-Identifier: Apache-2.0
// Values, their places, and what makes an object whole. Which faults have which
// code and place is in tests/broken.
#include <gtest/gtest.h>

#include "config/config.h"
#include "sample.h"

namespace steadfast::config {
namespace {

struct Parsed {
  Config config;
  Findings findings;
};

Parsed parsed(const std::string& text) {
  Parsed result;
  result.config = parse(text, "edge.toml", result.findings);
  return result;
}

TEST(Parse, TakesEveryValueOfAWholeFile) {
  const auto [config, findings] = parsed(kSample);
  ASSERT_TRUE(findings.empty()) << findings.front().message;
  EXPECT_EQ(config.file, "edge.toml");
  EXPECT_EQ(config.text, kSample);
  EXPECT_EQ(**config.schema, 1);
  EXPECT_EQ(config.host->interfaces.size(), 2u);
  EXPECT_EQ(**config.host->xdp_mode, "generic");
  EXPECT_EQ(*config.host->source[1], "2001:db8::1");
  EXPECT_EQ(**config.host->gue_port, 6081);
  EXPECT_EQ(**config.host->mtu, 1500);
  EXPECT_EQ(**config.limits->backends, 8000);
  EXPECT_EQ(**config.limits->flows, 4'000'000);
  ASSERT_EQ(config.services.size(), 1u);
  EXPECT_EQ(**config.services[0].port, 443);
  EXPECT_EQ(**config.services[0].state, "parked");
}

TEST(Parse, TakesEveryValueOfAPool) {
  const auto [config, findings] = parsed(kSample);
  ASSERT_EQ(config.pools.size(), 1u);
  const Pool& pool = config.pools[0];
  EXPECT_EQ(**pool.min_healthy, (Amount{50, true}));
  EXPECT_EQ(**pool.min_backends, 2);
  EXPECT_EQ(**pool.max_share, 12.5);
  EXPECT_EQ(**pool.health->timeout, std::chrono::milliseconds(500));
  EXPECT_EQ(**pool.health->path, "/up");
  EXPECT_TRUE(**pool.health->independent);
  ASSERT_EQ(pool.backends.size(), 2u);
  EXPECT_EQ(*pool.backends[0].labels.at("rack"), "r2");
  EXPECT_EQ(**pool.backends[1].weight, 0);
  EXPECT_EQ(**pool.backends[1].port, 443);
}

TEST(Parse, RemembersWhereEverythingStands) {
  const auto config = parsed(kSample).config;
  EXPECT_EQ(config.host->place, (Place{2, 1}));
  EXPECT_EQ(config.services[0].port->place, (Place{17, 8}));
  EXPECT_EQ(config.pools[0].place, (Place{21, 1}));
  EXPECT_EQ(config.pools[0].backends[0].place, (Place{34, 1}));
  EXPECT_EQ(config.pools[0].backends[0].end, (Place{39, 1}));
  EXPECT_FALSE(config.pools[0].backend_list);
}

TEST(Parse, RemembersWhereAnInlineListAndItsItemsStand) {
  const std::string text = kSample.substr(0, kSample.find("[pool.health]")) +
                           "backend = [{ name = \"a\", address = \"10.0.0.1\", weight = 1 }]\n";
  const auto [config, findings] = parsed(text);
  ASSERT_TRUE(findings.empty()) << findings.front().message;
  EXPECT_EQ(config.pools[0].backend_list, (Place{26, 11}));
  EXPECT_EQ(config.pools[0].backends[0].place, (Place{26, 12}));
  EXPECT_EQ(text[kSample.find("[pool.health]") + config.pools[0].backends[0].end.column - 1], '}');
}

TEST(Parse, AcceptsANumberOfBackendsAsFloor) {
  EXPECT_EQ(**parsed(with(kSample, "\"50%\"", "3")).config.pools[0].min_healthy, (Amount{3, false}));
}

TEST(Parse, AcceptsWindowsLineEnds) {
  std::string text;
  for (const char c : kSample) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_TRUE(parsed(text).findings.empty());
}

TEST(Parse, AcceptsAFileBetweenItsMarks) {
  EXPECT_TRUE(parsed("# steadfast:begin\n" + kSample + "# steadfast:end\n").findings.empty());
}

TEST(Parse, AcceptsAnEmptyListOfBackendsForCheckToJudge) {
  const std::string text = kSample.substr(0, kSample.find("[pool.health]")) + "backend = []\n";
  EXPECT_TRUE(parsed(text).findings.empty());
}

TEST(Parse, CallsAnObjectWithAFaultNotWhole) {
  const auto config = parsed(with(kSample, "weight = 100", "weight = 70000")).config;
  EXPECT_FALSE(config.pools[0].backends[0].whole);
  EXPECT_TRUE(config.pools[0].backends[1].whole);
  EXPECT_FALSE(config.pools[0].whole);
  EXPECT_TRUE(config.services[0].whole);
}

TEST(Parse, DoesNotCallAMisspeltKeyMissingToo) {
  const auto findings = parsed(with(kSample, "weight = 100", "wieght = 100")).findings;
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "SF101");
  EXPECT_NE(findings[0].message.find("did you mean \"weight\""), std::string::npos);
  EXPECT_EQ(findings[0].object, "backend/web/web-01");
}

TEST(Parse, NamesAnObjectWithoutANameByItsNumber) {
  const auto findings = parsed(with(kSample, "name = \"web-02\"\n", "")).findings;
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].object, "backend/web/#2");
}

TEST(Parse, ShowsNoControlCharactersInAMessage) {
  const auto findings = parsed(with(kSample, "\"ipip\"", "\"\\u001b[31m\"")).findings;
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].message.find('\x1b'), std::string::npos);
  EXPECT_NE(findings[0].message.find("\\x1b"), std::string::npos);
}

TEST(Parse, ShortensALongValueInAMessage) {
  const auto findings = parsed(with(kSample, "\"ipip\"", "\"" + std::string(4000, 'x') + "\"")).findings;
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_LT(findings[0].message.size(), 200u);
}

TEST(Parse, RefusesAKeyOfAnotherTable) {
  const auto findings = parsed(with(kSample, "mtu = 1500\n", "mtu = 1500\nweight = 3\n")).findings;
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "SF101");
  EXPECT_EQ(findings[0].object, "host");
}

TEST(Parse, ReportsWrongTypesOfTables) {
  EXPECT_EQ(parsed("schema = 1\nhost = 3\nlimits = []\nservice = [1]\npool = \"x\"\n").findings.size(), 4u);
}

TEST(Parse, RefusesInterfacesThatCannotBe) {
  EXPECT_EQ(parsed(with(kSample, "\"eth1\"", "\"eth0\"")).findings.at(0).code, "SF104");
  EXPECT_EQ(parsed(with(kSample, "\"eth1\"", "\"much-too-long-for-linux\"")).findings.at(0).code, "SF103");
}

TEST(Parse, ReadsNothingFromAnEmptyFileAndSaysSoOnce) {
  const auto [config, findings] = parsed("");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "SF105");
  EXPECT_TRUE(config.lost_blocks);
}

}  // namespace
}  // namespace steadfast::config
