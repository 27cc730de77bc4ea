// SPDX-License-Identifier: Apache-2.0
// What a file says that is not TOML: every fault, and nothing that only follows.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "config/config.h"
#include "sample.h"

namespace steadfast::config {
namespace {

std::vector<std::string> faults(const std::string& text) {
  Findings findings;
  parse(text, "edge.toml", findings);
  sort(findings);
  std::vector<std::string> list;
  for (const Finding& finding : findings)
    list.push_back(finding.code + " " + std::to_string(finding.place.line));
  return list;
}

using Faults = std::vector<std::string>;

TEST(Recovery, ReportsEveryBrokenLineAndTheFaultsOfTheRest) {
  std::string text = with(kSample, "port = 443\nforward", "port =\nforward");
  text = with(text, "fall = 3", "fall = three");
  text = with(text, "weight = 100", "weight = null");
  text = with(text, "weight = 0", "weight = -1");
  EXPECT_EQ(faults(text), (Faults{"SF102 17", "SF105 30", "SF102 37", "SF103 42"}));
}

TEST(Recovery, LosesTheWholeBlockBelowABrokenHeaderOnly) {
  const std::string text = with(kSample, "[[pool]]", "[[pool]");
  EXPECT_EQ(faults(text), (Faults{"SF105 21"}));
}

TEST(Recovery, StillReadsTheLinesOfALostBlock) {
  std::string text = with(kSample, "[[pool]]", "[[pool]");
  text = with(text, "weight = 100", "weight = null");
  EXPECT_EQ(faults(text), (Faults{"SF105 21", "SF102 37"}));
}

TEST(Recovery, TakesLinesOfGarbageInARowForOneFault) {
  EXPECT_EQ(faults(kSample + ")))\n((( what\n  ever\n"), (Faults{"SF105 45"}));
}

TEST(Recovery, ReportsGarbageOnTheFirstLine) {
  EXPECT_EQ(faults(with(kSample, "schema = 1\n", "schem]\n= 1\n")), (Faults{"SF105 1"}));
}

TEST(Recovery, SeparatesGarbageThatStandsApart) {
  std::string text = with(kSample, "mtu = 1500", "<<<\nmtu = 1500\n>>>");
  EXPECT_EQ(faults(text), (Faults{"SF105 8", "SF105 10"}));
}

TEST(Recovery, FindsATableThatIsAListElsewhere) {
  EXPECT_EQ(faults(kSample + "[pool]\nname = \"x\"\n"), (Faults{"SF104 45"}));
}

TEST(Recovery, FindsAKeyThatIsATableElsewhere) {
  const std::string inline_health =
      "health = { type = \"tcp\", interval = \"2s\", timeout = \"1s\", fall = 3, rise = 2 }\n";
  EXPECT_EQ(faults(with(kSample, "[pool.health]", inline_health + "[pool.health]")), (Faults{"SF104 27"}));
}

TEST(Recovery, GivesUpAfterAFewFaultsThatOnlyTheWholeFileShows) {
  std::string text = kSample;
  for (int i = 0; i < 40; ++i) text += "[pool]\nname = \"x\"\n";
  const auto list = faults(text);
  EXPECT_FALSE(list.empty());
  EXPECT_LT(list.size(), 60u);
}

TEST(Recovery, ReportsForeignBytesAndNotWhatTheyHide) {
  EXPECT_EQ(faults(with(kSample, "weight = 100", "weight = 1\xff")), (Faults{"SF105 37"}));
  EXPECT_EQ(faults(with(kSample, "weight = 100", std::string("weight = 1\0", 11))), (Faults{"SF105 37"}));
}

TEST(Recovery, AllowsCharactersBeyondAsciiInStringsAndCommentsOnly) {
  EXPECT_EQ(faults(with(kSample, "mtu = 1500", "mtu = 1500  # \u00b5, \u03b9")), (Faults{}));
  EXPECT_EQ(faults(with(kSample, "rack = \"r2\"", "rack = \"\u00e9\"")), (Faults{}));
  EXPECT_EQ(faults(with(kSample, "mtu = 1500", "mtu =\u00a01500")), (Faults{"SF105 8"}));
  EXPECT_EQ(faults(with(kSample, "mtu = 1500", "mtu = 1500 \u03b9")), (Faults{"SF105 8"}));
  EXPECT_EQ(faults("\ufeff" + kSample), (Faults{"SF105 1"}));
}

TEST(Recovery, TakesForeignBytesOnLinesInARowForOneFault) {
  EXPECT_EQ(faults(kSample + "\xff\n\xfe\n\x80\n"), (Faults{"SF105 45"}));
}

TEST(Recovery, SaysNothingOfWhatMayStandBehindACut) {
  for (std::size_t length = 1; length < kSample.size(); ++length) {
    const std::string cut = kSample.substr(0, length);
    if (cut.back() == '\n') continue;
    const auto list = faults(cut);
    ASSERT_EQ(list.size(), 1u) << "cut at byte " << length << ": " << list.back();
    EXPECT_EQ(list[0].substr(0, 5), "SF105");
  }
}

TEST(Recovery, NeverLetsAFileWithAFaultPass) {
  for (std::size_t at = 0; at + 1 < kSample.size(); ++at) {
    std::string text = kSample;
    text[at] = '\x01';
    EXPECT_FALSE(faults(text).empty()) << "byte " << at;
  }
}

TEST(Recovery, ReportsAllBrokenItemsOfAListOverManyLines) {
  const std::string text = kSample.substr(0, kSample.find("[pool.health]")) +
                           "backend = [\n"
                           "  { name = \"a\", address = \"10.0.0.1\", weight = },\n"
                           "  { name = \"b\", address = \"10.0.0.2\", weight = null },\n"
                           "  { name = \"c\", address = \"10.0.0.3\", weight = 0 },\n"
                           "  { name = \"d, address = \"10.0.0.4\", weight = 1 },\n"
                           "]\n";
  EXPECT_EQ(faults(text), (Faults{"SF102 27", "SF102 28", "SF105 30"}));
}

std::string object_of_fault(const std::string& text) {
  Findings findings;
  parse(text, "edge.toml", findings);
  return findings.empty() ? "" : findings.front().object;
}

TEST(Owners, AreTheObjectsWhoseLinesAreBroken) {
  EXPECT_EQ(object_of_fault(with(kSample, "port = 443\nforward", "port =\nforward")), "service/web");
  EXPECT_EQ(object_of_fault(with(kSample, "weight = 100", "weight = null")), "backend/web/web-01");
  EXPECT_EQ(object_of_fault(with(kSample, "weight = 0", "weight = null")), "backend/web/web-02");
  EXPECT_EQ(object_of_fault(with(kSample, "fall = 3", "fall =")), "pool/web");
  EXPECT_EQ(object_of_fault(with(kSample, "mtu = 1500", "mtu = x")), "host");
  EXPECT_EQ(object_of_fault(with(kSample, "services = 1024", "services =")), "limits");
  EXPECT_EQ(object_of_fault(with(kSample, "schema = 1", "schema =")), "file");
  EXPECT_EQ(object_of_fault(with(kSample, "[[pool]]", "[[pool]")), "pool/web");
}

// toml++ runs into undefined behaviour on such bytes, which only a sanitizer shows.
TEST(Owners, AreNotReadFromStatementsWithForeignBytes) {
  std::string text = kSample;
  text.replace(text.find("name = \"web\"\nmin_healthy"), 12, "name = \"web\"\xce\xb9");
  text.replace(text.find("rise = 2"), 8, "rise = ");
  Findings findings;
  parse(text, "x.toml", findings);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].object, "file");
  EXPECT_EQ(findings[1].object, "pool/#1");
}

TEST(Owners, AreNumbersWithoutReadableNames) {
  EXPECT_EQ(object_of_fault(with(kSample, "name = \"web-02\"", "name =")), "backend/web/#2");
  EXPECT_EQ(object_of_fault(with(kSample, "[[service]]\nname = \"web\"", "[[service]]\nname = null")),
            "service/#1");
}

}  // namespace
}  // namespace steadfast::config
