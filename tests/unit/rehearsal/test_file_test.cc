// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/test_file.h"

#include <gtest/gtest.h>

namespace steadfast::rehearsal {
namespace {

constexpr char kWhole[] = R"([[test]]
name = "everything"
against = "running"
given = { down = ["web-01", "rack=r2"] }
packet = "tcp 203.0.113.7:* > 192.0.2.10:443 syn"
[test.expect]
verdict = "forwarded"
service = "web"
pool = "web"
not_backend = "web-09"
state = "active"
not_state = "drain"
forward = "ipip"
max_share = "12.5%"
min_share = "0%"
max_moved = "20%"
max_dropped = "0%"
min_backends = 3
addresses = ["10.0.2.11", "2001:db8::1"]
outer_source = "198.51.100.0/24"
)";

struct Read {
  TestFile file;
  Findings findings;
};

Read read(const std::string& text) {
  Read out;
  out.file = parse_tests(text, "edge.test.toml", out.findings);
  return out;
}

// "SF102 3:1" of the only finding.
std::string only(const std::string& text) {
  const Read out = read(text);
  std::string all;
  for (const Finding& finding : out.findings)
    all += (all.empty() ? "" : "; ") + finding.code + " " + std::to_string(finding.place.line) + ":" +
           std::to_string(finding.place.column) + " " + finding.message;
  return all;
}

std::string one_test(const std::string& body) { return "[[test]]\nname = \"t\"\n" + body; }

constexpr char kPacket[] = "packet = \"tcp 203.0.113.7:* > 192.0.2.10:443 syn\"\n";
constexpr char kOnePort[] = "packet = \"tcp 203.0.113.7:40000 > 192.0.2.10:443 syn\"\n";

TEST(TestFile, ReadsEveryKeyWithItsPlace) {
  const Read out = read(kWhole);
  ASSERT_TRUE(out.findings.empty()) << only(kWhole);
  ASSERT_EQ(out.file.tests.size(), 1u);
  const rehearsal::Test& test = out.file.tests.front();
  EXPECT_EQ(out.file.file, "edge.test.toml");
  EXPECT_EQ(test.name, "everything");
  EXPECT_EQ(test.place, (Place{1, 1}));
  EXPECT_EQ(test.packet_place, (Place{5, 10}));
  EXPECT_TRUE(test.packet.any_source_port);
  EXPECT_TRUE(test.against_running);
  ASSERT_EQ(test.down.size(), 2u);
  EXPECT_EQ(*test.down[1], "rack=r2");
  const Expectation& expect = test.expect;
  EXPECT_EQ(**expect.verdict, "forwarded");
  EXPECT_EQ(**expect.service, "web");
  EXPECT_EQ(**expect.pool, "web");
  EXPECT_EQ(**expect.not_backend, "web-09");
  EXPECT_EQ(**expect.state, "active");
  EXPECT_EQ(**expect.not_state, "drain");
  EXPECT_EQ(**expect.forward, "ipip");
  EXPECT_EQ(**expect.max_share, 12.5);
  EXPECT_EQ(**expect.min_share, 0);
  EXPECT_EQ(**expect.max_moved, 20);
  EXPECT_EQ(**expect.max_dropped, 0);
  EXPECT_EQ(**expect.min_backends, 3);
  EXPECT_EQ(expect.addresses.size(), 2u);
  EXPECT_EQ(**expect.outer_source, "198.51.100.0/24");
  EXPECT_EQ(expect.max_share->place, (Place{14, 13}));
}

TEST(TestFile, ReadsOneBackendOfOneSourcePort) {
  const Read out = read(one_test(std::string(kOnePort) + "expect = { backend = \"web-01\" }\n"));
  ASSERT_TRUE(out.findings.empty());
  EXPECT_EQ(**out.file.tests.front().expect.backend, "web-01");
}

struct Fault {
  const char* name;
  std::string text;
  std::string finding;  // how it begins
};

class TestFileFault : public testing::TestWithParam<Fault> {};

TEST_P(TestFileFault, IsFoundWhereItStands) {
  const std::string found = only(GetParam().text);
  EXPECT_EQ(found.substr(0, GetParam().finding.size()), GetParam().finding) << found;
  EXPECT_EQ(found.find("; SF"), std::string::npos) << "a cascade: " << found;
}

std::string expecting(const std::string& expect) {
  return one_test(kPacket + ("expect = { " + expect + " }\n"));
}

const Fault kFaults[] = {
    {"Empty", "", "SF105 1:1"},
    {"NoTest", "# nothing\n", "SF102 1:1 the file has no [[test]]"},
    {"EmptyList", "test = []\n", "SF102 1:"},
    {"Truncated", "[[test]]\nname = \"a", "SF105 2:"},
    {"NoFinalNewline",
     expecting("verdict = \"forwarded\"").substr(0, expecting("verdict = \"forwarded\"").size() - 1),
     "SF105"},
    {"OneTable", "[test]\nname = \"t\"\n", "SF103 1:"},
    {"UnknownTable", expecting("verdict = \"forwarded\"") + "[tset]\n",
     "SF101 5:2 unknown key \"tset\" (did you mean \"test\""},
    {"UnknownKey", one_test(std::string(kPacket) + "pakcet = \"x\"\nexpect = { verdict = \"forwarded\" }\n"),
     "SF101 4:1 unknown key \"pakcet\""},
    {"UnknownExpectation", expecting("max_shaer = \"12%\""),
     "SF101 4:12 unknown key \"max_shaer\" (did you mean \"max_share\""},
    {"UnknownGiven",
     one_test("given = { dwon = [\"a\"] }\n" +
              (kPacket + std::string("expect = { verdict = \"forwarded\" }\n"))),
     "SF101 3:11 unknown key \"dwon\" (did you mean \"down\""},
    {"NoName", "[[test]]\n" + (kPacket + std::string("expect = { verdict = \"forwarded\" }\n")),
     "SF102 1:1 \"name\" is missing"},
    {"BlankName",
     "[[test]]\nname = \" \"\n" + (kPacket + std::string("expect = { verdict = \"forwarded\" }\n")),
     "SF102 2:8"},
    {"NoPacket", one_test("expect = { verdict = \"forwarded\" }\n"), "SF102 1:1 \"packet\" is missing"},
    {"NoExpect", one_test(kPacket), "SF102 1:1 \"expect\" is missing"},
    {"ExpectsNothing", expecting(""), "SF102 4:10 \"expect\" has no key"},
    {"NothingDown",
     one_test("given = { down = [] }\n" + (kPacket + std::string("expect = { verdict = \"forwarded\" }\n"))),
     "SF102 3:18 \"down\" is an empty list"},
    {"EmptyGiven",
     one_test("given = {}\n" + (kPacket + std::string("expect = { verdict = \"forwarded\" }\n"))),
     "SF102 3:9 \"down\" is missing"},
    {"BlankDown",
     one_test("given = { down = [\"\"] }\n" +
              (kPacket + std::string("expect = { verdict = \"forwarded\" }\n"))),
     "SF102 3:19"},
    {"NoPacketAtAll", one_test("packet = \"icmp\"\nexpect = { verdict = \"forwarded\" }\n"),
     "SF103 3:10 packet: \"icmp\""},
    {"UnknownVerdict", expecting("verdict = \"forwadred\""), "SF103 4:22 \"verdict\" is \"forwadred\""},
    {"UnknownState", expecting("not_state = \"drained\""), "SF103 4:24"},
    {"UnknownForward", expecting("forward = \"ipop\""), "SF103 4:22"},
    {"ShareWithoutUnit", expecting("max_share = \"12\""), "SF103 4:24 \"max_share\" is \"12\""},
    {"ShareAbove", expecting("max_share = \"101%\""), "SF103 4:24"},
    {"ShareNumber", expecting("max_share = 12"), "SF103 4:24 \"max_share\" is 12; it must be a string"},
    {"NoBackends", expecting("min_backends = 0"), "SF103 4:27"},
    {"NoAddress", expecting("addresses = [\"web-01\"]"), "SF103 4:25"},
    {"EmptyAddresses", expecting("addresses = []"), "SF102 4:24"},
    {"NoPrefix", expecting("outer_source = \"10.0.0.0/64\""), "SF103 4:27"},
    {"OneBackendOfAll", expecting("backend = \"web-01\""), "SF103 4:22 \"backend\" cannot be judged here"},
    {"MaxShareOfOneFlow", one_test(std::string(kOnePort) + "expect = { max_share = \"12%\" }\n"),
     "SF103 4:24 \"max_share\" cannot be judged here"},
    {"MinShareOfOneFlow", one_test(std::string(kOnePort) + "expect = { min_share = \"12%\" }\n"),
     "SF103 4:24"},
    {"BackendsOfOneFlow", one_test(std::string(kOnePort) + "expect = { min_backends = 2 }\n"), "SF103 4:27"},
    {"AddressesOfOneFlow", one_test(std::string(kOnePort) + "expect = { addresses = [\"10.0.0.1\"] }\n"),
     "SF103 4:25"},
    {"MovedFromNothing", expecting("max_moved = \"12%\""), "SF103 4:24 \"max_moved\" cannot be judged here"},
    {"DroppedFromNothing", expecting("max_dropped = \"12%\""), "SF103 4:26 \"max_dropped\""},
    {"AgainstForNothing",
     one_test("against = \"running\"\n" + (kPacket + std::string("expect = { verdict = \"forwarded\" }\n"))),
     "SF103 3:11 \"against\" cannot be judged here"},
    {"AgainstUnknown",
     one_test("against = \"runing\"\n" + (kPacket + std::string("expect = { verdict = \"forwarded\" }\n"))),
     "SF103 3:11 \"against\" is \"runing\""},
    {"SameName", expecting("verdict = \"forwarded\"") + expecting("verdict = \"forwarded\""),
     "SF104 6:8 there is a test \"t\" already"},
    {"KeyTwice", one_test(std::string(kPacket) + kPacket + "expect = { verdict = \"forwarded\" }\n"),
     "SF104 4:1"},
};

INSTANTIATE_TEST_SUITE_P(Each, TestFileFault, testing::ValuesIn(kFaults),
                         [](const auto& fault) { return std::string(fault.param.name); });

TEST(TestFile, ShowsEveryFaultInOneRunWithTheFile) {
  const Read out = read(one_test("packet = \"x\"\nexpect = { verdict = \"y\", max_share = 3 }\n") +
                        "[[test]]\nname = \"u\"\nexpcet = {}\n");
  EXPECT_EQ(out.findings.size(), 5u) << only(out.file.file);
  for (const Finding& finding : out.findings) EXPECT_EQ(finding.file, "edge.test.toml");
  EXPECT_EQ(out.findings.front().object, "test/t");
}

TEST(TestFile, KeepsTheFindingsThatAreThere) {
  Findings findings{Finding{"SF999", Severity::warn, "mine", "other.toml", {1, 1}, "file", "", {}}};
  parse_tests("", "edge.test.toml", findings);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].file, "other.toml");
}

}  // namespace
}  // namespace steadfast::rehearsal
