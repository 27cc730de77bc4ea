// SPDX-License-Identifier: Apache-2.0
#include "audit/attachments.h"

#include <gtest/gtest.h>

#include "support/lab.h"

namespace steadfast::audit {
namespace {

Host host() {
  Host host;
  host.interfaces = {{"eth0", {4, 16}}, {"eth1", {4, 24}}};
  return host;
}

Attached right() { return {42, {{"eth0", true, 42, "native"}, {"eth1", true, 42, "native"}}, {}}; }

std::string only(const Attached& found) {
  const Findings findings = compare(host(), "edge.toml", found);
  EXPECT_EQ(findings.size(), 1u);
  if (findings.empty()) return {};
  EXPECT_EQ(findings[0].code, "SF902");
  EXPECT_EQ(findings[0].file, "edge.toml");
  return findings[0].message;
}

TEST(Attachments, AreAsDeclared) { EXPECT_TRUE(compare(host(), "edge.toml", right()).empty()); }

TEST(Attachments, AnInterfaceWithoutAProgramIsNamed) {
  Attached found = right();
  found.interfaces[1].program = 0;
  found.interfaces[1].mode = "";
  EXPECT_EQ(only(found), "interface eth1: no program runs there: its packets are not balanced");
}

TEST(Attachments, AnotherProgramIsNamed) {
  Attached found = right();
  found.interfaces[0].program = 43;
  EXPECT_EQ(only(found), "interface eth0: another program runs there (id 43 in place of 42)");
}

TEST(Attachments, AnotherModeIsNamed) {
  Attached found = right();
  found.interfaces[0].mode = "generic";
  EXPECT_EQ(only(found),
            "interface eth0: the program runs there in generic mode and must run in native mode");
}

TEST(Attachments, AnInterfaceThatIsGoneIsNamed) {
  Attached found = right();
  found.interfaces[0].exists = false;
  EXPECT_EQ(only(found), "interface eth0: it is gone");
  found = right();
  found.interfaces.erase(found.interfaces.begin());
  EXPECT_EQ(only(found), "interface eth0: it is gone");
}

TEST(Attachments, PinsThatAreGoneAreNamed) {
  Attached found = right();
  found.missing_pins = {"sf_flows", "link-native-eth0"};
  EXPECT_EQ(only(found), "no longer pinned, so it ends with the daemon: sf_flows, link-native-eth0");
}

}  // namespace
}  // namespace steadfast::audit
