// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/lineage.h"

#include <gtest/gtest.h>

#include "tests/unit/config/sample.h"

namespace steadfast::cli {
namespace {

GenerationInfo generation(std::uint64_t number, const char* outcome) {
  GenerationInfo info;
  info.number = number;
  info.outcome = outcome;
  return info;
}

std::vector<std::uint64_t> numbers(const Journalled& journal) {
  std::vector<std::uint64_t> list;
  for (const auto& info : lineage(journal)) list.push_back(info.number);
  return list;
}

TEST(Lineage, TheNewestComesFirst) {
  EXPECT_EQ(numbers({3, {generation(1, "replaced"), generation(2, "replaced"), generation(3, "running")}}),
            (std::vector<std::uint64_t>{3, 2, 1}));
}

TEST(Lineage, WhatWasUndoneIsNoAncestor) {
  EXPECT_EQ(numbers({6,
                     {generation(1, "replaced"), generation(2, "rolled-back"), generation(3, "cancelled"),
                      generation(4, "written"), generation(5, "replaced"), generation(6, "running")}}),
            (std::vector<std::uint64_t>{6, 5, 1}));
}

TEST(Lineage, WhatIsNewerThanWhatRunsIsNoAncestor) {
  EXPECT_EQ(numbers({1, {generation(1, "running"), generation(2, "rolled-back"), generation(3, "written")}}),
            (std::vector<std::uint64_t>{1}));
  EXPECT_EQ(numbers({2, {generation(1, "replaced"), generation(2, "replaced"), generation(3, "running")}}),
            (std::vector<std::uint64_t>{2, 1}));
}

TEST(Lineage, APendingChangeRuns) {
  EXPECT_EQ(numbers({2, {generation(1, "running"), generation(2, "pending")}}),
            (std::vector<std::uint64_t>{2, 1}));
}

TEST(Lineage, NothingRunsNothingLedThere) { EXPECT_TRUE(numbers({0, {}}).empty()); }

TEST(Lineage, ObjectsStandWhereTheFileHasThem) {
  const auto model = model_of(config::kSample, "edge.toml");
  ASSERT_TRUE(model) << model.error().what;
  std::vector<std::string> names;
  for (const auto& [object, place] : objects_of(*model)) {
    names.push_back(object);
    EXPECT_TRUE(place) << object;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"host", "limits", "service/web", "pool/web",
                                             "backend/web/web-01", "backend/web/web-02"}));
}

TEST(Lineage, ATextThatCannotBeReadIsSaidWithItsLine) {
  const auto model =
      model_of(config::with(config::kSample, "port = 443\nforward", "port = 0\nforward"), "edge.toml");
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().what.rfind("edge.toml:17: ", 0), 0u) << model.error().what;
}

}  // namespace
}  // namespace steadfast::cli
