// SPDX-License-Identifier: Apache-2.0
#include "journal/journal.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/sha256.h"
#include "journal/durable_file.h"
#include "support/scratch.h"

namespace steadfast {
namespace {

Generation generation(std::uint64_t number, const std::string& text) {
  Generation made;
  made.number = number;
  made.digest = sha256_hex(text);
  made.author = "alice";
  made.reason = "TICKET-1";
  made.file = "edge.toml";
  made.time = "2026-01-01T00:00:00Z";
  made.accepted = {"SF404:pool/web"};
  return made;
}

class Journals : public testing::Test {
 protected:
  Journal opened() {
    auto journal = Journal::open(scratch_.path() / "generations");
    EXPECT_TRUE(journal) << (journal ? "" : journal.error().what);
    return std::move(*journal);
  }
  void run(Journal& journal, std::uint64_t number, const std::string& text) {
    ASSERT_TRUE(journal.write(generation(number, text), text));
    ASSERT_TRUE(journal.set_running(number, "replaced"));
  }
  void overwrite(const std::string& name, const std::string& bytes) {
    std::ofstream(scratch_.path() / "generations" / name) << bytes;
  }

  Scratch scratch_;
};

TEST_F(Journals, AreEmptyAtFirst) { EXPECT_EQ(opened().running(), 0u); }

TEST_F(Journals, RememberWhatRanAcrossARestart) {
  Journal journal = opened();
  run(journal, 1, "one\n");
  run(journal, 2, "two\n");
  const Journal again = opened();
  EXPECT_EQ(again.running(), 2u);
  EXPECT_EQ(*again.text(1), "one\n");
  EXPECT_EQ(again.find(1)->outcome, "replaced");
  EXPECT_EQ(again.find(2)->outcome, "running");
  EXPECT_EQ(again.find(2)->accepted, std::vector<std::string>{"SF404:pool/web"});
}

// Written but not yet running: what a crash between the two leaves behind.
TEST_F(Journals, AWrittenGenerationDoesNotRun) {
  Journal journal = opened();
  run(journal, 1, "one\n");
  ASSERT_TRUE(journal.write(generation(2, "two\n"), "two\n"));
  EXPECT_EQ(opened().running(), 1u);
}

TEST_F(Journals, RefuseTextThatDoesNotMatchItsDigest) {
  Journal journal = opened();
  run(journal, 1, "one\n");
  overwrite("00000001.toml", "0ne\n");
  EXPECT_NE(opened().text(1).error().what.find("digest"), std::string::npos);
}

TEST_F(Journals, RefuseADamagedRecord) {
  Journal journal = opened();
  run(journal, 1, "one\n");
  overwrite("00000001.json", "{\"number\": 1");
  EXPECT_NE(Journal::open(scratch_.path() / "generations").error().what.find("damaged"), std::string::npos);
}

TEST_F(Journals, RefuseToRunWhatTheyDoNotHold) {
  Journal journal = opened();
  run(journal, 1, "one\n");
  overwrite("running", "9");
  EXPECT_FALSE(Journal::open(scratch_.path() / "generations"));
}

TEST_F(Journals, KeepTheLastFifty) {
  Journal journal = opened();
  for (std::uint64_t number = 1; number <= kGenerationsKept + 5; ++number)
    run(journal, number, std::to_string(number));
  const Journal again = opened();
  EXPECT_EQ(again.generations().size(), kGenerationsKept);
  EXPECT_EQ(again.generations().front().number, 6u);
}

TEST(DurableFile, SaysWhichFileCannotBeWritten) {
  const auto written = write_durably("/nonexistent/file", "x");
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().what.find("/nonexistent/file"), std::string::npos);
}

TEST(DurableFile, LeavesNothingBesideTheFile) {
  const Scratch scratch;
  ASSERT_TRUE(write_durably(scratch.path() / "a", "one"));
  ASSERT_TRUE(write_durably(scratch.path() / "a", "two"));
  EXPECT_EQ(*read_whole(scratch.path() / "a"), "two");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch.path()), {}), 1);
}

}  // namespace
}  // namespace steadfast
