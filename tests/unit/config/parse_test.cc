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
  EXPECT_EQ(**config.services[0].port, (PortRange{443, 443}));
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

const std::string kUdp = with(with(kSample, "\"tcp\"", "\"udp\""), "state = \"parked\"\n", "");

std::string service_with(const std::string& keys) {
  return with(kUdp, "pool = \"web\"\n", "pool = \"web\"\n" + keys);
}

// The one finding of a service with these keys.
Finding refused(const std::string& keys) {
  const auto findings = parsed(service_with(keys)).findings;
  EXPECT_EQ(findings.size(), 1u) << keys;
  return findings.empty() ? Finding{} : findings[0];
}

TEST(Parse, ReadsWhatAServiceSaysOfItsFlows) {
  const auto [config, findings] = parsed(
      service_with("flows = \"track\"\nhash = \"source+port\"\nidle = \"2m\"\nnew_flows_per_source = 50\n"
                   "allow = [\"10.0.0.0/8\", \"192.0.2.7\"]\ndeny = [\"10.1.0.0/16\"]\n"
                   "quic = { server_id_bytes = 4, config_id = 2 }\n"));
  EXPECT_TRUE(findings.empty());
  const Service& service = config.services.at(0);
  EXPECT_EQ(**service.flows, "track");
  EXPECT_EQ(**service.hash, "source+port");
  EXPECT_EQ(service.idle->value, std::chrono::minutes(2));
  EXPECT_EQ(**service.new_flows_per_source, 50);
  ASSERT_EQ(service.allow.size(), 2u);
  EXPECT_EQ(*service.allow[1], "192.0.2.7");
  EXPECT_EQ(service.deny.at(0).place, (Place{25, 9}));
  EXPECT_EQ(**service.quic->server_id_bytes, 4);
  EXPECT_EQ(**service.quic->config_id, 2);
}

TEST(Parse, ReadsPrefixesRangesAndLimits) {
  std::string text = with(kUdp, "vip = \"192.0.2.10\"", "vip = \"192.0.2.0/28\"");
  text = with(text, "port = 443\nforward", "port = \"8000-8999\"\nforward");
  text = with(text, "mtu = 1500\n", "mtu = 1500\necho_per_second = 0\ntoo_big_per_second = 1000000\n");
  text = with(text, "flows = \"4M\"\n", "flows = \"4M\"\nranges = \"2K\"\n");
  const auto [config, findings] = parsed(with(text, "weight = 100\n", "weight = 100\nserver_id = 9\n"));
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(**config.services.at(0).vip, "192.0.2.0/28");
  EXPECT_EQ(**config.services[0].port, (PortRange{8000, 8999}));
  EXPECT_EQ(**config.host->echo_per_second, 0);
  EXPECT_EQ(**config.host->too_big_per_second, 1'000'000);
  EXPECT_EQ(**config.limits->ranges, 2000);
  EXPECT_EQ(**config.pools.at(0).backends.at(0).server_id, 9);
}

TEST(Parse, RefusesWhatContradictsItselfInAService) {
  EXPECT_EQ(refused("flows = \"hash-only\"\nidle = \"60s\"\n").code, "SF103");
  EXPECT_EQ(refused("flows = \"hash-only\"\nnew_flows_per_source = 5\n").code, "SF103");
  EXPECT_EQ(refused("deny = [\"2001:db8::/32\"]\n").code, "SF103");
  EXPECT_EQ(refused("allow = [\"10.0.0.0/8\", \"10.0.0.0/8\"]\n").code, "SF104");
  const auto tcp =
      parsed(with(kSample, "pool = \"web\"\n", "pool = \"web\"\nquic = { server_id_bytes = 4 }\n"));
  ASSERT_EQ(tcp.findings.size(), 1u);
  EXPECT_EQ(tcp.findings[0].code, "SF103");
}

TEST(Parse, RefusesHostBitsAndNamesTheNetwork) {
  const Finding finding = refused("deny = [\"203.0.113.7/24\"]\n");
  EXPECT_EQ(finding.code, "SF103");
  EXPECT_NE(finding.message.find("203.0.113.0/24"), std::string::npos) << finding.message;
}

TEST(Parse, HoldsIdleBetweenWhatAgesCanTell) {
  for (const char* idle : {"15s", "16500ms", "14401s", "60", "5h"})
    EXPECT_EQ(refused("idle = \"" + std::string(idle) + "\"\n").code, "SF103") << idle;
  for (const char* idle : {"16s", "14400s", "4h", "16000ms"})
    EXPECT_TRUE(parsed(service_with("idle = \"" + std::string(idle) + "\"\n")).findings.empty()) << idle;
}

TEST(Parse, IsStrictAboutQuic) {
  EXPECT_EQ(refused("quic = { server_id_bytes = 9 }\n").code, "SF103");
  EXPECT_EQ(refused("quic = { server_id_bytes = 4, config_id = 7 }\n").code, "SF103");
  EXPECT_EQ(refused("quic = { config_id = 1 }\n").code, "SF102");
  const Finding unknown = refused("quic = { server_id_byte = 4 }\n");
  EXPECT_EQ(unknown.code, "SF101");
  EXPECT_NE(unknown.message.find("server_id_bytes"), std::string::npos);
}

TEST(Parse, HintsAtAWordOfHash) {
  EXPECT_NE(refused("hash = \"sorce\"\n").message.find("did you mean \"source\""), std::string::npos);
}

}  // namespace
}  // namespace steadfast::config
