// SPDX-License-Identifier: Apache-2.0
// `steadfast audit`: its words, its keys and its exit codes.
#include <set>

#include "tests/golden/cli_fixture.h"

namespace steadfast::golden {
namespace {

class CliAudit : public CliWithDaemon {
 protected:
  // What somebody else does to the first backend.
  void tamper() {
    Memory& memory = kernel_.memory();
    memory.backends[std::size_t{live_slot(memory)} * memory.capacity.backends + 1].mtu = 9000;
  }
};

TEST_F(CliAudit, IsZeroWhereEverythingIsAsDeclared) {
  const Ran ran = steadfast({"audit"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_NE(ran.err.find("generation 1: "), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find(" entries compared in "), std::string::npos);
}

TEST_F(CliAudit, NamesTheEntryTheObjectAndTheField) {
  tamper();
  const Ran ran = steadfast({"audit"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.out.find("error SF901: sf_backends entry 1 of slot "), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("mtu is 9000 and must be 1500"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("edge.toml:23:1"), std::string::npos) << ran.out;
}

TEST_F(CliAudit, JsonHasTheKeysOfTheContract) {
  tamper();
  const Ran ran = steadfast({"audit", "--json"});
  EXPECT_EQ(ran.code, 1);
  const Json report = json(ran);
  EXPECT_GE(report["errors"], 1);
  EXPECT_EQ(report["generation"], 1);
  EXPECT_GT(report["entries"], 100);
  EXPECT_EQ(report["tables_digest"].get<std::string>().size(), 64u);
  std::set<std::string> codes;
  for (const Json& finding : report["findings"])
    if (finding["object"] == "backend/web/web-01") codes.insert(finding["code"]);
  EXPECT_EQ(codes, (std::set<std::string>{"SF901", "SF905"}));
}

TEST_F(CliAudit, PrintsSarif) {
  tamper();
  const Json sarif = json(steadfast({"audit", "--sarif"}));
  EXPECT_EQ(sarif["version"], "2.1.0");
  EXPECT_EQ(steadfast({"audit", "--sarif", "--json"}).code, 2);
}

TEST_F(CliAudit, NotesServicesThatNoTestReaches) {
  const Json report = json(steadfast({"audit", "--json"}));
  bool noted = false;
  for (const Json& finding : report["findings"]) noted |= finding["code"] == "SF912";
  EXPECT_TRUE(noted) << report;
}

TEST_F(CliAudit, APeerThatCannotBeAskedIsNoFinding) {
  EXPECT_EQ(steadfast({"audit", "--peer", "http://127.0.0.1:1"}).code, 2);
  EXPECT_EQ(steadfast({"audit", "--peer", "nonsense"}).code, 2);
}

TEST_F(CliAudit, ComparesWithAPeer) {
  ControlServer peer(*balancer_, {dir_ / "peer.sock", "127.0.0.1:0"});
  ASSERT_TRUE(peer.start());
  const Ran ran = steadfast({"audit", "--peer", "http://" + peer.tcp_address()});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
}

}  // namespace
}  // namespace steadfast::golden
