// SPDX-License-Identifier: Apache-2.0
#include "config/statements.h"

#include <gtest/gtest.h>

namespace steadfast::config {
namespace {

using Kind = Statement::Kind;

std::vector<std::uint32_t> first_lines(const std::vector<Statement>& statements) {
  std::vector<std::uint32_t> lines;
  for (const Statement& statement : statements) lines.push_back(statement.line);
  return lines;
}

TEST(Statements, AreHeadersAndPairsWithoutCommentsAndBlankLines) {
  const auto statements = split_statements("# c\n\na = 1\n[b]  # d\n  c.d = 2\n[[e.f]]\n");
  ASSERT_EQ(statements.size(), 4u);
  EXPECT_EQ(statements[0].kind, Kind::pair);
  EXPECT_EQ(statements[1].kind, Kind::header);
  EXPECT_FALSE(statements[1].array);
  EXPECT_EQ(join(statements[2].path), "c.d");
  EXPECT_TRUE(statements[3].array);
  EXPECT_EQ(join(statements[3].path), "e.f");
  EXPECT_EQ(first_lines(statements), (std::vector<std::uint32_t>{3, 4, 5, 6}));
}

TEST(Statements, SpanTheLinesOfAnOpenList) {
  const auto statements = split_statements("a = [ # [\n  \"]\",\n  2 ]\nb = 1\n");
  ASSERT_EQ(statements.size(), 2u);
  EXPECT_EQ(statements[0].lines, 3u);
  EXPECT_EQ(statements[1].line, 4u);
}

TEST(Statements, SpanMultilineStrings) {
  const auto statements = split_statements("a = \"\"\"\n[x]\nb = 1\n\"\"\"\nc = 2\n");
  EXPECT_EQ(first_lines(statements), (std::vector<std::uint32_t>{1, 5}));
}

TEST(Statements, EndAListThatIsNotClosedWithItsLine) {
  const auto statements = split_statements("a = [1\nb = 2\n[c]\n");
  EXPECT_EQ(first_lines(statements), (std::vector<std::uint32_t>{1, 2, 3}));
}

TEST(Statements, EndAListWithABrokenItemAtItsBracket) {
  const auto statements = split_statements("a = [\n  { n = \"x },\n  { n = 2 },\n]\nb = 2\n");
  EXPECT_EQ(first_lines(statements), (std::vector<std::uint32_t>{1, 5}));
}

TEST(Statements, CallEverythingElseGarbage) {
  const auto statements = split_statements("what is this\n= 1\n");
  ASSERT_EQ(statements.size(), 2u);
  EXPECT_EQ(statements[0].kind, Kind::garbage);
  EXPECT_EQ(statements[1].kind, Kind::garbage);
}

TEST(Strings, AreSkippedWithTheirEscapes) {
  EXPECT_EQ(skip_string(R"("a\"b" c)", 0), 6u);
  EXPECT_EQ(skip_string("'a\\' c", 0), 4u);
  EXPECT_EQ(skip_string("\"open\nnext", 0), 5u);
}

}  // namespace
}  // namespace steadfast::config
