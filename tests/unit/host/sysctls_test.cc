// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>

#include "host/readers.h"
#include "tests/support/scratch.h"

namespace steadfast::host {
namespace {

namespace fs = std::filesystem;

class SysctlFiles : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& value) {
    fs::create_directories((root() / name).parent_path());
    std::ofstream(root() / name) << value << "\n";
  }
  fs::path root() const { return fs::path(scratch_.path()); }
  Scratch scratch_;
};

TEST_F(SysctlFiles, AreReadOfTheInterfacesAskedFor) {
  write("net/ipv4/conf/all/rp_filter", "0");
  write("net/ipv4/conf/eth0.10/rp_filter", "1");
  write("net/ipv4/conf/eth9/rp_filter", "1");
  write("net/ipv6/neigh/default/gc_thresh3", "1024");
  const auto sysctls = read_sysctls({"all", "eth0.10"}, root());
  ASSERT_TRUE(sysctls);
  EXPECT_EQ(*sysctls, (Sysctls{{"net.ipv4.conf.all.rp_filter", "0"},
                               {"net.ipv4.conf.eth0.10.rp_filter", "1"},
                               {"net.ipv6.neigh.default.gc_thresh3", "1024"}}));
}

// What the kernel does not have is absent; what it does not show is an error.
TEST_F(SysctlFiles, ThatCannotBeReadAreAnError) {
  fs::create_directories(root() / "net/ipv4/conf/all/rp_filter");  // a folder opens, and has no line
  EXPECT_FALSE(read_sysctls({"all"}, root()));
}

}  // namespace
}  // namespace steadfast::host
