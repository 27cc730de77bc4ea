// SPDX-License-Identifier: Apache-2.0
#include "audit/peers.h"

#include <gtest/gtest.h>

namespace steadfast::audit {
namespace {

const Peer kOwn{"", "aaaaaaaaaaaaaaaa", "1111111111111111", 1000};

std::string code(const Peer& other, double now_s) {
  const Findings findings = compare(kOwn, other, now_s);
  return findings.empty() ? "" : findings.front().code;
}

TEST(Peers, AgreeWhenTheyRunTheSame) { EXPECT_EQ(code({"b", kOwn.digest, kOwn.tables_digest, 0}, 1e6), ""); }

TEST(Peers, WithTheSameFileHaveTheSameTables) {
  EXPECT_EQ(code({"b", kOwn.digest, "2222222222222222", 0}, 1e6), "SF906");
}

TEST(Peers, MayDifferForAsLongAsARolloutTakes) {
  const Peer other{"b", "bbbbbbbbbbbbbbbb", "2222222222222222", 2000};
  EXPECT_EQ(code(other, 2000 + kRollout_s), "");
  EXPECT_EQ(code(other, 2001 + kRollout_s), "SF907");
}

TEST(Peers, AreNamedWithBothDigests) {
  const Findings findings = compare(kOwn, {"http://edge-02:9464", kOwn.digest, "2222222222222222", 0}, 0);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].message,
            "http://edge-02:9464 runs the same file with other tables: tables 222222222222 there, "
            "111111111111 here");
}

}  // namespace
}  // namespace steadfast::audit
