// SPDX-License-Identifier: Apache-2.0
// What the wire adds to a socket that heard nothing, and what ICMP errors mean.
#include <gtest/gtest.h>

#include "probe/icmp.h"
#include "probe/session.h"

namespace steadfast::probe {
namespace {

Address ip(const char* text) { return *Address::parse(text); }

IcmpError error(const char* from, std::uint8_t type, std::uint8_t code, bool of_outer = false) {
  return {ip(from), type, code, of_outer, 0};
}

const Verdict kSilence{Outcome::no_answer, ""};

TEST(ProbeIcmp, MeansTheSameInBothFamilies) {
  EXPECT_EQ(meaning_of(error("10.0.0.1", 3, 3)), IcmpMeaning::port_closed);
  EXPECT_EQ(meaning_of(error("2001:db8::1", 1, 4)), IcmpMeaning::port_closed);
  EXPECT_EQ(meaning_of(error("10.0.0.1", 3, 2)), IcmpMeaning::no_such_protocol);
  EXPECT_EQ(meaning_of(error("2001:db8::1", 4, 1)), IcmpMeaning::no_such_protocol);
  EXPECT_EQ(meaning_of(error("10.0.0.1", 3, 4)), IcmpMeaning::too_big);
  EXPECT_EQ(meaning_of(error("2001:db8::1", 2, 0)), IcmpMeaning::too_big);
  EXPECT_EQ(meaning_of(error("10.0.0.1", 3, 1)), IcmpMeaning::no_way);
  EXPECT_EQ(meaning_of(error("10.0.0.1", 11, 3)), IcmpMeaning::no_way);
  EXPECT_EQ(meaning_of(error("2001:db8::1", 1, 0)), IcmpMeaning::no_way);
}

TEST(ProbeIcmp, AClosedPortOfTheTunnelIsATunnelNobodyOpens) {
  EXPECT_EQ(meaning_of(error("10.0.0.1", 3, 3, true)), IcmpMeaning::no_such_protocol);
  EXPECT_EQ(meaning_of(error("2001:db8::1", 1, 4, true)), IcmpMeaning::no_such_protocol);
}

TEST(ProbeRefined, SilenceOnTheWireStaysSilence) { EXPECT_EQ(refined(kSilence, Wire{}), kSilence); }

TEST(ProbeRefined, AnAnswerFromElsewhereIsNamed) {
  Wire wire;
  wire.wrong_source = Endpoint{ip("2001:db8::7"), 80};
  EXPECT_EQ(refined(kSilence, wire), (Verdict{Outcome::wrong_source, "answered from [2001:db8::7]:80"}));
}

TEST(ProbeRefined, IcmpSaysClosedOrUnreachable) {
  Wire wire;
  wire.icmp = error("10.0.0.1", 3, 3);
  EXPECT_EQ(refined(kSilence, wire), (Verdict{Outcome::refused, "port unreachable from 10.0.0.1"}));
  wire.icmp = error("10.0.0.1", 3, 3, true);
  EXPECT_EQ(refined(kSilence, wire), (Verdict{Outcome::unreachable, "port unreachable from 10.0.0.1"}));
  wire.icmp = error("10.0.0.9", 3, 1);
  EXPECT_EQ(refined(kSilence, wire), (Verdict{Outcome::unreachable, "ICMP type 3 code 1 from 10.0.0.9"}));
}

TEST(ProbeRefined, APacketThatNeverLeftIsThisHostsFault) {
  Wire wire;
  wire.unsent = 1;
  EXPECT_EQ(refined(kSilence, wire).outcome, Outcome::local_error);
}

TEST(ProbeRefined, WhatTheSocketHeardStands) {
  Wire wire;
  wire.wrong_source = Endpoint{ip("10.0.0.7"), 80};
  const Verdict refused{Outcome::refused, ""};
  EXPECT_EQ(refined(refused, wire), refused);
}

}  // namespace
}  // namespace steadfast::probe
