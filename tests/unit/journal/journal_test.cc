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
    ASSERT_TRUE(journal.confirm(number, "", outcome::kReplaced));
  }
  void overwrite(const std::string& name, const std::string& bytes) {
    std::ofstream(scratch_.path() / "generations" / name) << bytes;
  }

  Scratch scratch_;
};

TEST_F(Journals, AreEmptyAtFirst) { EXPECT_EQ(opened().confirmed(), 0u); }

TEST_F(Journals, RememberWhatRanAcrossARestart) {
  Journal journal = opened();
  run(journal, 1, "one\n");
  run(journal, 2, "two\n");
  const Journal again = opened();
  EXPECT_EQ(again.confirmed(), 2u);
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
  EXPECT_EQ(opened().confirmed(), 1u);
}

TEST_F(Journals, RememberWhatBecameOfAPendingGeneration) {
  Journal journal = opened();
  run(journal, 1, "one\n");
  ASSERT_TRUE(journal.write(generation(2, "two\n"), "two\n"));
  ASSERT_TRUE(journal.set_outcome(2, outcome::kPending));
  EXPECT_EQ(opened().confirmed(), 1u) << "a start-up loads what was confirmed";
  ASSERT_TRUE(journal.set_outcome(2, outcome::kRolledBack, "nobody confirmed it"));
  const Journal again = opened();
  EXPECT_EQ(again.find(2)->outcome, "rolled-back");
  EXPECT_EQ(again.find(2)->ended_because, "nobody confirmed it");
  EXPECT_EQ(again.find(1)->outcome, "running");
}

TEST_F(Journals, RememberWhoConfirmed) {
  Journal journal = opened();
  run(journal, 1, "one\n");
  ASSERT_TRUE(journal.write(generation(2, "two\n"), "two\n"));
  ASSERT_TRUE(journal.confirm(2, "bob", outcome::kRolledBack, "it was worse"));
  const Journal again = opened();
  EXPECT_EQ(again.confirmed(), 2u);
  EXPECT_EQ(again.find(2)->confirmed_by, "bob");
  EXPECT_EQ(again.find(1)->outcome, "rolled-back");
  EXPECT_EQ(again.find(1)->ended_because, "it was worse");
}

TEST_F(Journals, RefuseAnOutcomeOfWhatTheyDoNotHold) {
  Journal journal = opened();
  EXPECT_NE(journal.set_outcome(9, outcome::kPending).error().what.find("9"), std::string::npos);
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
  overwrite("ledger", "{\"confirmed\": 9, \"generations\": {}}");
  EXPECT_FALSE(Journal::open(scratch_.path() / "generations"));
}

TEST_F(Journals, RefuseADamagedLedger) {
  Journal journal = opened();
  run(journal, 1, "one\n");
  for (const char* bytes :
       {"", "{}", "{\"confirmed\": 1}", "{\"confirmed\": 1, \"generations\": {\"1\": {}}}"}) {
    overwrite("ledger", bytes);
    const auto again = Journal::open(scratch_.path() / "generations");
    ASSERT_FALSE(again) << bytes;
    EXPECT_NE(again.error().what.find("ledger"), std::string::npos);
  }
}

// A rollback: the same bytes under another number.
TEST_F(Journals, KeepTheSameBytesOnce) {
  Journal journal = opened();
  run(journal, 1, "one\n");
  run(journal, 2, "two\n");
  run(journal, 3, "one\n");
  const auto folder = scratch_.path() / "generations";
  EXPECT_EQ(std::filesystem::hard_link_count(folder / "00000001.toml"), 2u);
  EXPECT_EQ(*opened().text(3), "one\n");
  EXPECT_EQ(*opened().text(1), "one\n");
}

// The daemon died between the link and the record.
TEST_F(Journals, WriteOverWhatADeathLeftBehind) {
  Journal journal = opened();
  run(journal, 1, "one\n");
  overwrite("00000002.toml", "half");
  Journal again = opened();
  run(again, 2, "one\n");
  EXPECT_EQ(*opened().text(2), "one\n");
  EXPECT_EQ(*opened().text(1), "one\n");
}

TEST_F(Journals, KeepTheLastFifty) {
  Journal journal = opened();
  for (std::uint64_t number = 1; number <= kGenerationsKept + 5; ++number)
    run(journal, number, std::to_string(number));
  const Journal again = opened();
  EXPECT_EQ(again.generations().size(), kGenerationsKept);
  EXPECT_EQ(again.generations().front().number, 6u);
}

// Changes that came to nothing must not push out what there is to go back to.
TEST_F(Journals, KeepWhatThereIsToGoBackTo) {
  Journal journal = opened();
  run(journal, 1, "one\n");
  run(journal, 2, "two\n");
  for (std::uint64_t number = 3; number <= kGenerationsKept + 10; ++number) {
    ASSERT_TRUE(journal.write(generation(number, std::to_string(number)), std::to_string(number)));
    ASSERT_TRUE(journal.set_outcome(number, outcome::kCancelled));
  }
  run(journal, 100, "two\n");
  const Journal again = opened();
  EXPECT_EQ(again.confirmed(), 100u);
  EXPECT_NE(again.find(2), nullptr) << "the last one that ran before";
  EXPECT_EQ(again.generations().size(), kGenerationsKept);
}

TEST_F(Journals, LinkOnlyBytesThatAreWhole) {
  Journal journal = opened();
  run(journal, 1, "one\n");
  overwrite("00000001.toml", "0ne\n");
  run(journal, 2, "one\n");
  EXPECT_EQ(*opened().text(2), "one\n");
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
