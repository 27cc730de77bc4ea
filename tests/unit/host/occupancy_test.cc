// SPDX-License-Identifier: Apache-2.0
#include "host/occupancy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "tests/support/scratch.h"

namespace steadfast::host {
namespace {

namespace fs = std::filesystem;

class OccupancyFiles : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((root() / name).parent_path());
    std::ofstream(root() / name) << text;
  }
  void write_memory() {
    write("proc/self/status", "Name:\tsteadfastd\nVmRSS:\t  1000 kB\n");
    write("proc/meminfo", "MemTotal: 9999 kB\nMemAvailable:    3000 kB\n");
  }
  fs::path root() const { return fs::path(scratch_.path()); }
  std::optional<Occupancy> one(const std::string& name) const {
    const auto all = read_occupancies(root());
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
    return found == all.end() ? std::nullopt : std::optional(*found);
  }
  Scratch scratch_;
};

TEST_F(OccupancyFiles, NeighboursAreThoseOfTheKernelsTableInItsOwnDigits) {
  write("proc/net/stat/arp_cache", "entries  allocs\n0000001f 00005676\n0000001f 000031a3\n");
  write("proc/sys/net/ipv4/neigh/default/gc_thresh3", "1024\n");
  ASSERT_TRUE(one("table/neighbours-ipv4"));
  EXPECT_EQ(one("table/neighbours-ipv4")->used, 31);
  EXPECT_EQ(one("table/neighbours-ipv4")->capacity, 1024);
  EXPECT_FALSE(one("table/neighbours-ipv6"));
}

TEST_F(OccupancyFiles, AProcessHasWhatTheHostHasLeft) {
  write_memory();
  ASSERT_TRUE(one("memory"));
  EXPECT_EQ(one("memory")->used, 1000 * 1024.0);
  EXPECT_EQ(one("memory")->capacity, 4000 * 1024.0);
}

TEST_F(OccupancyFiles, ALimitOfTheControlGroupThatIsNearerCounts) {
  write_memory();
  write("proc/self/cgroup", "1:cpu:/\n0::/system.slice/steadfastd.service\n");
  const std::string group = "sys/fs/cgroup/system.slice/steadfastd.service/";
  write(group + "memory.max", "max\n");
  write(group + "memory.current", "9000\n");
  EXPECT_EQ(one("memory")->capacity, 4000 * 1024.0) << "it has no limit";
  write(group + "memory.max", "10000\n");
  write(group + "memory.stat", "anon 1\ninactive_file 1000\n");
  EXPECT_EQ(one("memory")->capacity, 10'000);
  EXPECT_EQ(one("memory")->used, 8000);
}

TEST_F(OccupancyFiles, NothingIsKnownOfAnEmptyRoot) { EXPECT_TRUE(read_occupancies(root()).empty()); }

}  // namespace
}  // namespace steadfast::host
