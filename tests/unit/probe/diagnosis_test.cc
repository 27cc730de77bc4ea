// SPDX-License-Identifier: Apache-2.0
// Every fault from the evidence that means it. tests/probe makes the same faults
// on real hosts.
#include "probe/diagnosis.h"

#include <gtest/gtest.h>

namespace steadfast::probe {
namespace {

Endpoint at(const char* address) { return {*Address::parse(address), 80}; }

ProbeResult result(Outcome outcome, std::optional<IcmpError> icmp = {}) {
  ProbeResult made;
  made.outcome = outcome;
  if (icmp) made.wire = Wire{1, 0, 0, {}, icmp};
  return made;
}

// A tunnel on which nothing is wrong, to a server that listens on the VIP alone.
Evidence whole() {
  Evidence evidence;
  evidence.forward = Forward::ipip;
  evidence.vip = at("192.0.2.10");
  evidence.backend = at("10.0.2.11");
  evidence.small = evidence.full.emplace() = result(Outcome::passed);
  evidence.itself = evidence.own = result(Outcome::refused);
  return evidence;
}

Evidence silent(Outcome itself, Outcome own) {
  Evidence evidence = whole();
  evidence.small = evidence.full.emplace() = result(Outcome::no_answer);
  evidence.itself = result(itself);
  evidence.own = result(own);
  return evidence;
}

std::string fault_of(const Evidence& evidence) {
  const auto diagnosis = diagnosis_of(evidence);
  if (!diagnosis) return "not probed";
  return diagnosis->fault
             ? std::string(code_of(*diagnosis->fault)) + " " + std::string(name(*diagnosis->fault))
             : "";
}

TEST(ProbeDiagnosis, FindsNothingOnAPathThatIsWhole) {
  EXPECT_EQ(fault_of(whole()), "");
  Evidence status = whole();
  status.small = result(Outcome::bad_status);
  EXPECT_EQ(fault_of(status), "");
}

TEST(ProbeDiagnosis, SaysNothingOfABackendThatCouldNotBeProbed) {
  Evidence evidence = whole();
  evidence.small = result(Outcome::local_error);
  EXPECT_EQ(fault_of(evidence), "not probed");
}

TEST(ProbeDiagnosis, OfADatagramThatNobodyNeedsToAnswerOnlyErrorsCount) {
  Evidence evidence = silent(Outcome::no_answer, Outcome::no_answer);
  evidence.may_be_silent = true;
  EXPECT_EQ(fault_of(evidence), "");
  evidence.own = result(Outcome::unreachable);
  EXPECT_EQ(fault_of(evidence), "SF801 host_silent");
  evidence.knock = result(Outcome::refused);
  EXPECT_EQ(fault_of(evidence), "SF802 no_decapsulation");
  evidence = whole();
  evidence.may_be_silent = true;
  evidence.small = result(Outcome::refused);
  EXPECT_EQ(fault_of(evidence), "SF801 port_closed");
}

TEST(ProbeDiagnosis, ARefusalIsAClosedPortUnlessItsOwnAddressAnswers) {
  Evidence evidence = whole();
  evidence.small = result(Outcome::refused);
  EXPECT_EQ(fault_of(evidence), "SF801 port_closed");
  evidence.own = result(Outcome::no_answer);
  EXPECT_EQ(fault_of(evidence), "SF801 port_closed");
  evidence.own = result(Outcome::passed);
  EXPECT_EQ(fault_of(evidence), "SF806 reset_by_vip");
  EXPECT_TRUE(diagnosis_of(evidence)->deaf);
}

TEST(ProbeDiagnosis, SilenceWithATunnelThatWorksIsAMissingVip) {
  EXPECT_EQ(fault_of(silent(Outcome::refused, Outcome::refused)), "SF802 vip_missing");
  EXPECT_EQ(fault_of(silent(Outcome::passed, Outcome::passed)), "SF802 vip_missing");
  EXPECT_EQ(fault_of(silent(Outcome::refused, Outcome::no_answer)), "SF802 vip_missing");
  Evidence without_tunnel = silent(Outcome::refused, Outcome::refused);
  without_tunnel.itself.reset();
  EXPECT_EQ(fault_of(without_tunnel), "SF802 vip_missing");
}

TEST(ProbeDiagnosis, SilenceOfTheTunnelAloneIsDroppedBehindIt) {
  EXPECT_EQ(fault_of(silent(Outcome::no_answer, Outcome::refused)), "SF802 dropped_behind_tunnel");
  EXPECT_FALSE(diagnosis_of(silent(Outcome::no_answer, Outcome::refused))->deaf);
  EXPECT_TRUE(diagnosis_of(silent(Outcome::no_answer, Outcome::passed))->deaf);
}

TEST(ProbeDiagnosis, SilenceOfEverythingIsASilentHost) {
  EXPECT_EQ(fault_of(silent(Outcome::no_answer, Outcome::no_answer)), "SF801 host_silent");
  EXPECT_EQ(fault_of(silent(Outcome::no_answer, Outcome::unreachable)), "SF801 host_silent");
}

TEST(ProbeDiagnosis, AnErrorAboutTheTunnelIsNoDecapsulation) {
  const IcmpError unknown{*Address::parse("10.0.2.11"), 3, 2, true, 0};
  Evidence evidence = silent(Outcome::no_answer, Outcome::refused);
  evidence.itself = result(Outcome::unreachable, unknown);
  EXPECT_EQ(fault_of(evidence), "SF802 no_decapsulation");
  evidence = silent(Outcome::no_answer, Outcome::passed);
  evidence.small = result(Outcome::unreachable, unknown);
  EXPECT_EQ(fault_of(evidence), "SF802 no_decapsulation");
  evidence = silent(Outcome::no_answer, Outcome::refused);
  evidence.knock = result(Outcome::refused);
  EXPECT_EQ(fault_of(evidence), "SF802 no_decapsulation");
  evidence.knock = result(Outcome::no_answer);
  EXPECT_EQ(fault_of(evidence), "SF802 dropped_behind_tunnel");
}

TEST(ProbeDiagnosis, AFullSizeSegmentThatIsLostIsAnMtuHole) {
  Evidence evidence = whole();
  evidence.full = result(Outcome::timed_out);
  EXPECT_EQ(fault_of(evidence), "SF804 mtu_hole");
  const IcmpError too_big{*Address::parse("10.0.9.1"), 3, 4, true, 1400};
  evidence.full = result(Outcome::unreachable, too_big);
  EXPECT_EQ(fault_of(evidence), "SF804 mtu_hole");
  EXPECT_NE(diagnosis_of(evidence)->sentence.find("a way of 1400 bytes from 10.0.9.1"), std::string::npos);
  evidence.full = result(Outcome::refused);
  EXPECT_EQ(fault_of(evidence), "");
}

TEST(ProbeDiagnosis, AnAnswerFromElsewhereNamesItsSource) {
  Evidence evidence = whole();
  evidence.small = result(Outcome::wrong_source);
  evidence.small.wire = Wire{2, 0, 0, at("10.0.2.77"), {}};
  EXPECT_EQ(fault_of(evidence), "SF803 wrong_source");
  EXPECT_NE(diagnosis_of(evidence)->sentence.find("10.0.2.77:80"), std::string::npos);
}

TEST(ProbeDiagnosis, AcrossFamiliesTheReversePathRemainsPossible) {
  Evidence evidence = silent(Outcome::refused, Outcome::refused);
  EXPECT_EQ(diagnosis_of(evidence)->sentence.find("rp_filter"), std::string::npos);
  evidence.backend = at("2001:db8::b1");
  EXPECT_NE(diagnosis_of(evidence)->sentence.find("rp_filter"), std::string::npos);
}

}  // namespace
}  // namespace steadfast::probe
