// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>

#include "host/readers.h"
#include "tests/support/scratch.h"

namespace steadfast::host {
namespace {

namespace fs = std::filesystem;

// A host in a folder: processes in /proc, what agents write in /run and /etc.
class Agents : public testing::Test {
 protected:
  Agents() : root_(fs::path(scratch_.path())) {
    fs::create_directories(root_ / "proc/self/ns");
    fs::create_symlink("net:[1]", root_ / "proc/self/ns/net");
  }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << text;
  }
  void process(int pid, const std::string& name, const std::string& space = "net:[1]") {
    write("proc/" + std::to_string(pid) + "/comm", name + "\n");
    fs::create_directories(root_ / "proc" / std::to_string(pid) / "ns");
    fs::create_symlink(space, root_ / "proc" / std::to_string(pid) / "ns/net");
  }
  std::vector<Agent> read() {
    Interface interface;
    interface.name = "eth0";
    interface.ifindex = 2;
    auto agents = read_agents({interface}, root_);
    EXPECT_TRUE(agents);
    return agents ? *agents : std::vector<Agent>{};
  }

  Scratch scratch_;
  fs::path root_;
};

TEST_F(Agents, OfThisNamespaceAreFoundByName) {
  process(10, "systemd-network");
  process(11, "bash");
  process(12, "NetworkManager", "net:[2]");
  const auto agents = read();
  ASSERT_EQ(agents.size(), 1U);
  EXPECT_EQ(agents[0].name, "systemd-networkd");
  EXPECT_EQ(agents[0].pid, 10U);
  EXPECT_TRUE(agents[0].takes_foreign_routes && agents[0].takes_foreign_rules);
}

TEST_F(Agents, NetworkdIsToldByItsFilesInTheirOrder) {
  process(10, "systemd-network");
  write("etc/systemd/networkd.conf",
        "[Network]\n#ManageForeignRoutes=no\nManageForeignRoutingPolicyRules = no\n");
  EXPECT_TRUE(read()[0].takes_foreign_routes);
  EXPECT_FALSE(read()[0].takes_foreign_rules);
  write("usr/lib/systemd/networkd.conf.d/10-a.conf", "[Network]\nManageForeignRoutes=yes\n");
  write("etc/systemd/networkd.conf.d/20-b.conf", "[Network]\nManageForeignRoutes=false\n");
  EXPECT_FALSE(read()[0].takes_foreign_routes);
}

TEST_F(Agents, NetworkManagerSaysWhichInterfacesItManages) {
  process(10, "NetworkManager");
  EXPECT_TRUE(read()[0].interfaces.empty());
  write("run/NetworkManager/devices/2", "[device]\nmanaged=false\n");
  EXPECT_TRUE(read()[0].interfaces.empty());
  write("run/NetworkManager/devices/2", "[device]\nmanaged=true\n");
  EXPECT_EQ(read()[0].interfaces, std::vector<std::string>{"eth0"});
}

TEST_F(Agents, WithoutProcIsAnError) {
  fs::remove_all(root_ / "proc");
  EXPECT_FALSE(read_agents({}, root_));
}

}  // namespace
}  // namespace steadfast::host
