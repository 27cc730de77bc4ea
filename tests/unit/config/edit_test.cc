// SPDX-License-Identifier: Apache-2.0
#include "config/edit.h"

#include <gtest/gtest.h>

#include "sample.h"

namespace steadfast::config {
namespace {

using Kind = BackendChange::Kind;

const std::string kHead = kSample.substr(0, kSample.find("[pool.health]"));

const std::string kBlocks = kHead + R"(
  # rack 1
  [[pool.backend]]
  name = "a"            # the first
  address = "10.0.0.1"
  weight = 10           # was 20

  [[pool.backend]]
  name = "b"
  address = "10.0.0.2"
  weight = 10
  [pool.backend.labels]
  rack = "r1"

# after
[[pool]]
name = "other"
)";

const std::string kList = kHead + R"(backend = [
  { name = "a", address = "10.0.0.1", weight = 10 },  # the first
  { name = "b", address = "10.0.0.2", weight = 10 }   # the second
]
)";

const std::string kOneLine =
    kHead +
    "backend = [{name=\"a\",address=\"10.0.0.1\",weight=10}, {name=\"b\",address=\"10.0.0.2\",weight=10}]\n";

BackendChange change(Kind kind, std::string name) { return {kind, "web", std::move(name), {}, {}, {}}; }

BackendChange addition(std::string name, std::string address, std::uint32_t weight) {
  return {Kind::add, "web", std::move(name), std::move(address), weight, {}};
}

std::string edited(const std::string& text, const BackendChange& wanted) {
  const Edited result = edit_backend(text, "edge.toml", wanted);
  for (const Finding& finding : result.findings) ADD_FAILURE() << finding.code << " " << finding.message;
  return result.text.value_or("");
}

Finding refused(const std::string& text, const BackendChange& wanted) {
  const Edited result = edit_backend(text, "edge.toml", wanted);
  EXPECT_FALSE(result.text.has_value());
  return result.findings.empty() ? Finding{} : result.findings.front();
}

TEST(Edit, SetsAValueWhereItStands) {
  BackendChange wanted = change(Kind::set, "a");
  wanted.weight = 7;
  EXPECT_EQ(edited(kBlocks, wanted),
            with(kBlocks, "weight = 10           # was", "weight = 7           # was"));
}

TEST(Edit, SetsSeveralValuesAtOnce) {
  BackendChange wanted = change(Kind::set, "b");
  wanted.address = "10.0.0.9";
  wanted.weight = 3;
  wanted.port = 443;
  EXPECT_EQ(edited(kBlocks, wanted), with(kBlocks, "  address = \"10.0.0.2\"\n  weight = 10\n",
                                          "  address = \"10.0.0.9\"\n  weight = 3\n  port = 443\n"));
  EXPECT_EQ(edited(kList, wanted), with(kList, "address = \"10.0.0.2\", weight = 10 }",
                                        "address = \"10.0.0.9\", weight = 3, port = 443 }"));
}

TEST(Edit, DrainsWithANewKeyInTheStyleOfTheBlock) {
  EXPECT_EQ(edited(kBlocks, change(Kind::drain, "a")),
            with(kBlocks, "# was 20\n", "# was 20\n  state = \"drain\"\n"));
}

TEST(Edit, DrainsAboveTheTablesBelowTheBlock) {
  EXPECT_EQ(edited(kBlocks, change(Kind::drain, "b")),
            with(kBlocks, "  [pool.backend.labels]", "  state = \"drain\"\n  [pool.backend.labels]"));
}

TEST(Edit, DrainsInAnInlineList) {
  EXPECT_EQ(edited(kList, change(Kind::drain, "b")),
            with(kList, "weight = 10 }   # the second", "weight = 10, state = \"drain\" }   # the second"));
  EXPECT_EQ(edited(kOneLine, change(Kind::drain, "a")),
            with(kOneLine, "weight=10}, {", "weight=10, state = \"drain\"}, {"));
}

TEST(Edit, AForcedDrainDisables) {
  const std::string drained = edited(kBlocks, change(Kind::drain, "a"));
  EXPECT_EQ(edited(drained, change(Kind::disable, "a")), with(drained, "\"drain\"", "\"disabled\""));
  EXPECT_EQ(edited(edited(drained, change(Kind::disable, "a")), change(Kind::undrain, "a")),
            with(drained, "\"drain\"", "\"active\""));
}

TEST(Edit, UndrainsByTheSameKey) {
  const std::string drained = edited(kBlocks, change(Kind::drain, "a"));
  EXPECT_EQ(edited(drained, change(Kind::undrain, "a")), with(drained, "\"drain\"", "\"active\""));
}

TEST(Edit, LeavesTheTextOfABackendThatIsThereAlready) {
  EXPECT_EQ(edited(kBlocks, change(Kind::undrain, "a")), kBlocks);
  const std::string drained = edited(kBlocks, change(Kind::drain, "a"));
  EXPECT_EQ(edited(drained, change(Kind::drain, "a")), drained);
}

TEST(Edit, RemovesABlockAndKeepsTheCommentsAroundIt) {
  EXPECT_EQ(edited(kBlocks, change(Kind::remove, "a")),
            with(kBlocks,
                 "  [[pool.backend]]\n  name = \"a\"            # the first\n  address = \"10.0.0.1\"\n"
                 "  weight = 10           # was 20\n",
                 ""));
}

TEST(Edit, RemovesABlockWithTheTablesBelowIt) {
  EXPECT_EQ(edited(kBlocks, change(Kind::remove, "b")),
            with(kBlocks,
                 "  [[pool.backend]]\n  name = \"b\"\n  address = \"10.0.0.2\"\n  weight = 10\n"
                 "  [pool.backend.labels]\n  rack = \"r1\"\n\n",
                 ""));
}

TEST(Edit, RemovesTheLineOfAnItemThatStandsAlone) {
  EXPECT_EQ(edited(kList, change(Kind::remove, "a")),
            with(kList, "  { name = \"a\", address = \"10.0.0.1\", weight = 10 },  # the first\n", ""));
  EXPECT_EQ(edited(kList, change(Kind::remove, "b")),
            with(kList, "  { name = \"b\", address = \"10.0.0.2\", weight = 10 }   # the second\n", ""));
}

TEST(Edit, RemovesAnItemOfOneLineWithItsComma) {
  EXPECT_EQ(edited(kOneLine, change(Kind::remove, "a")),
            with(kOneLine, "{name=\"a\",address=\"10.0.0.1\",weight=10}, ", ""));
  EXPECT_EQ(edited(kOneLine, change(Kind::remove, "b")),
            with(kOneLine, ", {name=\"b\",address=\"10.0.0.2\",weight=10}", ""));
}

TEST(Edit, RemovesTheLastBackendForCheckToJudge) {
  const std::string one = edited(kOneLine, change(Kind::remove, "a"));
  EXPECT_EQ(edited(one, change(Kind::remove, "b")), kHead + "backend = []\n");
}

TEST(Edit, AddsABlockBehindTheLastOneOfThePool) {
  EXPECT_EQ(
      edited(kBlocks, addition("c", "10.0.0.3", 5)),
      with(
          kBlocks, "  rack = \"r1\"\n",
          "  rack = \"r1\"\n\n  [[pool.backend]]\n  name = \"c\"\n  address = \"10.0.0.3\"\n  weight = 5\n"));
}

TEST(Edit, AddsALineToAListOfLines) {
  EXPECT_EQ(edited(kList, addition("c", "10.0.0.3", 5)),
            with(kList, "weight = 10 }   # the second\n",
                 "weight = 10 },   # the second\n  { name = \"c\", address = \"10.0.0.3\", weight = 5 }\n"));
}

TEST(Edit, AddsAnItemToAListOnOneLine) {
  EXPECT_EQ(edited(kOneLine, addition("c", "10.0.0.3", 5)),
            with(kOneLine, "}]", "}, { name = \"c\", address = \"10.0.0.3\", weight = 5 }]"));
}

TEST(Edit, KeepsTheCommaThatClosesAList) {
  const std::string closed = with(kList, "weight = 10 }   #", "weight = 10 },  #");
  EXPECT_EQ(edited(closed, addition("c", "10.0.0.3", 5)),
            with(closed, "# the second\n",
                 "# the second\n  { name = \"c\", address = \"10.0.0.3\", weight = 5 },\n"));
}

TEST(Edit, AddsTheFirstBackendOfAPool) {
  const std::string block = "\n[[pool.backend]]\nname = \"c\"\naddress = \"10.0.0.3\"\nweight = 5\n";
  EXPECT_EQ(edited(kHead, addition("c", "10.0.0.3", 5)), kHead + block);
  EXPECT_EQ(edited(kHead + "backend = []\n", addition("c", "10.0.0.3", 5)),
            kHead + "backend = [ { name = \"c\", address = \"10.0.0.3\", weight = 5 } ]\n");
}

TEST(Edit, AddsToAPoolThatIsAnInlineTableItself) {
  const std::string text = kSample.substr(0, kSample.find("[[service]]"));
  const std::string inline_pool = with(text, "schema = 1\n", "schema = 1\npool = [{ name = \"web\" }]\n");
  EXPECT_EQ(edited(inline_pool, addition("c", "10.0.0.3", 5)),
            with(inline_pool, "\"web\" }",
                 "\"web\", backend = [{ name = \"c\", address = \"10.0.0.3\", weight = 5 }] }"));
}

TEST(Edit, UndoesItsOwnAddition) {
  for (const std::string& text : {kBlocks, kOneLine}) {
    const std::string longer = edited(text, addition("c", "10.0.0.3", 5));
    EXPECT_EQ(edited(longer, change(Kind::remove, "c")), text);
  }
}

TEST(Edit, RefusesAnEmptySelector) {
  EXPECT_EQ(refused(kBlocks, change(Kind::remove, "")).code, "SF506");
  EXPECT_EQ(refused(kBlocks, change(Kind::remove, "  ")).code, "SF506");
  BackendChange wanted = change(Kind::drain, "a");
  wanted.pool = "";
  EXPECT_EQ(refused(kBlocks, wanted).code, "SF506");
}

TEST(Edit, RefusesAnUnknownPoolOrBackendWithAHint) {
  BackendChange wanted = change(Kind::drain, "a");
  wanted.pool = "wbe";
  EXPECT_EQ(refused(kBlocks, wanted).code, "SF203");
  EXPECT_NE(refused(kBlocks, wanted).message.find("did you mean \"web\""), std::string::npos);
  const Finding unknown = refused(kSample, change(Kind::drain, "web-03"));
  EXPECT_EQ(unknown.code, "SF203");
  EXPECT_NE(unknown.message.find("did you mean \"web-01\""), std::string::npos);
}

TEST(Edit, RefusesToAddAnotherBackendOfTheName) {
  const Finding twin = refused(kBlocks, addition("a", "10.0.0.3", 5));
  EXPECT_EQ(twin.code, "SF205");
  EXPECT_EQ(twin.object, "backend/web/a");
  EXPECT_TRUE(twin.place);
}

TEST(Edit, RefusesANameThatTwoBackendsHave) {
  EXPECT_EQ(refused(with(kList, "\"b\"", "\"a\""), change(Kind::drain, "a")).code, "SF205");
}

TEST(Edit, RefusesAnAdditionWithoutAddressOrWeight) {
  BackendChange wanted = addition("c", "10.0.0.3", 5);
  wanted.weight.reset();
  EXPECT_EQ(refused(kBlocks, wanted).code, "SF108");
  wanted = addition("c", "10.0.0.3", 5);
  wanted.address.reset();
  EXPECT_EQ(refused(kBlocks, wanted).code, "SF108");
}

TEST(Edit, RefusesToSetNothing) { EXPECT_EQ(refused(kBlocks, change(Kind::set, "a")).code, "SF102"); }

TEST(Edit, RefusesValuesOutOfTheirDomain) {
  BackendChange wanted = change(Kind::set, "a");
  wanted.weight = 70000;
  EXPECT_EQ(refused(kBlocks, wanted).code, "SF103");
  wanted = change(Kind::set, "a");
  wanted.address = "10.0.0.1\" }\n[[pool]]\n";
  EXPECT_EQ(refused(kBlocks, wanted).code, "SF103");
  EXPECT_EQ(refused(kBlocks, addition("x y", "10.0.0.3", 1)).code, "SF103");
}

TEST(Edit, RefusesAFileThatIsBrokenAlready) {
  const Finding broken = refused(with(kBlocks, "# after\n", "# after\noops\n"), change(Kind::drain, "a"));
  EXPECT_EQ(broken.code, "SF105");
  EXPECT_EQ(broken.file, "edge.toml");
}

}  // namespace
}  // namespace steadfast::config
