// SPDX-License-Identifier: Apache-2.0
// A DNS question byte for byte, and what its answers say.
#include "probe/dns.h"

#include <gtest/gtest.h>

namespace steadfast::probe {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kFlags = 2;

Bytes question() { return dns_query(0x1234, "www.example"); }

// The question sent back with other flags: the shortest answer there is.
Bytes answer(std::uint8_t first, std::uint8_t second) {
  Bytes bytes = question();
  bytes[kFlags] = first;
  bytes[kFlags + 1] = second;
  return bytes;
}

TEST(ProbeDns, AsksForTheAddressOfTheName) {
  const Bytes expected{0x12, 0x34, 1,   0,   0,   1,   0,   0,   0,   0, 0, 0, 3, 'w', 'w',
                       'w',  7,    'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 1, 0, 1};
  EXPECT_EQ(question(), expected);
  EXPECT_EQ(dns_query(1, "."), (Bytes{0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1}));
}

TEST(ProbeDns, WhatIsNoNameIsNotAsked) {
  EXPECT_TRUE(dns_query(1, std::string(64, 'a')).empty());
  EXPECT_TRUE(dns_query(1, "a..b").empty());
}

TEST(ProbeDns, AnAnswerWithoutErrorPasses) {
  EXPECT_EQ(dns_answer(question(), answer(0x81, 0x80)), Verdict{});
}

TEST(ProbeDns, ErrorCodesAreNamed) {
  EXPECT_EQ(dns_answer(question(), answer(0x81, 0x82)), (Verdict{Outcome::bad_status, "SERVFAIL"}));
  EXPECT_EQ(dns_answer(question(), answer(0x81, 0x83)), (Verdict{Outcome::bad_status, "NXDOMAIN"}));
  EXPECT_EQ(dns_answer(question(), answer(0x81, 0x8a)), (Verdict{Outcome::bad_status, "rcode 10"}));
}

TEST(ProbeDns, AnotherIdIsAnotherAnswer) {
  Bytes other = answer(0x81, 0x80);
  other[0] ^= 1;
  EXPECT_FALSE(dns_answer(question(), other));
  EXPECT_FALSE(dns_answer(question(), Bytes{}));
}

TEST(ProbeDns, WhatIsNoAnswerToTheQuestionIsToldApart) {
  EXPECT_EQ(dns_answer(question(), question())->outcome, Outcome::bad_body);
  EXPECT_EQ(dns_answer(question(), Bytes{0x12, 0x34, 0x81})->detail, "not a DNS message");
  Bytes other = answer(0x81, 0x80);
  other[13] = 'x';
  EXPECT_EQ(dns_answer(question(), other)->detail, "answers another question");
  Bytes shouted = answer(0x81, 0x80);
  shouted[13] = 'W';
  EXPECT_EQ(dns_answer(question(), shouted)->outcome, Outcome::passed);
}

}  // namespace
}  // namespace steadfast::probe
