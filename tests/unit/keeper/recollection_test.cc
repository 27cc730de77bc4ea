// SPDX-License-Identifier: Apache-2.0
#include "keeper/recollection.h"

#include <gtest/gtest.h>
#include <fstream>

#include "files.h"

namespace steadfast {
namespace {

class Recollections : public testing::Test {
 protected:
  Recollections() { std::filesystem::remove(file); }
  ~Recollections() override { std::filesystem::remove(file); }

  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / ("health-" + std::to_string(getpid()) + ".json");
};

TEST_F(Recollections, ComeBackAsTheyWereWritten) {
  const Recollection known{{"web", "web-01", "10.0.2.11", "down", "service \"web\": no-answer", true},
                           {"web", "web-02", "10.0.2.12", "passing", "", false}};
  ASSERT_TRUE(write_recollection(file, known));
  EXPECT_EQ(*read_recollection(file), known);
  EXPECT_FALSE(overlay_of(known).of("web", "web-01").in);
  EXPECT_EQ(overlay_of(known).shares.size(), 1u);
}

TEST_F(Recollections, WithoutAFileThereAreNone) { EXPECT_TRUE(read_recollection(file)->empty()); }

TEST_F(Recollections, ADamagedFileIsNamed) {
  for (const char* text : {"", "{", "[{\"pool\": 3}]", "[1]"}) {
    std::ofstream(file) << text;
    const auto read = read_recollection(file);
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().what.find(file.string()), std::string::npos);
  }
}

}  // namespace
}  // namespace steadfast
