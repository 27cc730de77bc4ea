// SPDX-License-Identifier: Apache-2.0
#include "keeper/server_names.h"

#include <gtest/gtest.h>

#include "files.h"

namespace steadfast {
namespace {

TEST(ServerNames, TheOneThatDiffersFromMostIsNamed) {
  ServerNames names;
  for (const char* backend : {"b1", "b2", "b3"}) names.note("web", backend, "nginx/1.22.1");
  names.note("web", "b4", "nginx/1.18.0");
  EXPECT_EQ(names.difference("web", "b4"), "answers as nginx/1.18.0, 3 of 4 in its pool as nginx/1.22.1");
  EXPECT_EQ(names.difference("web", "b1"), "");
  EXPECT_EQ(names.difference("web", "b9"), "");
  EXPECT_EQ(names.difference("mail", "b1"), "");
}

TEST(ServerNames, WithoutAMajorityNobodyDiffers) {
  ServerNames names;
  names.note("web", "b1", "old");
  names.note("web", "b2", "new");
  EXPECT_EQ(names.difference("web", "b1"), "") << "two are no pool to differ from";
  names.note("web", "b3", "new");
  names.note("web", "b4", "old");
  EXPECT_EQ(names.difference("web", "b1"), "") << "half is not most";
}

TEST(ServerNames, AnAnswerWithoutANameChangesNothing) {
  ServerNames names;
  for (const char* backend : {"b1", "b2"}) names.note("web", backend, "new");
  names.note("web", "b3", "old");
  names.note("web", "b3", "");
  EXPECT_NE(names.difference("web", "b3"), "");
}

}  // namespace
}  // namespace steadfast
