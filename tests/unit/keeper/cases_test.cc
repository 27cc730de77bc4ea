// SPDX-License-Identifier: Apache-2.0
// A backend that fails is examined soon, again while it fails, and never after.
#include "keeper/cases.h"

#include <gtest/gtest.h>

#include "files.h"

namespace steadfast {
namespace {

using namespace std::chrono_literals;

const Cases::Name kFirst{"web", "web-01"}, kSecond{"web", "web-02"};

Examined found(const char* code) { return {"web", code, "the VIP is no address of it", "", true}; }

TEST(Cases, ANewCaseIsDueAtOnceAndOnlyOnce) {
  Cases cases;
  cases.open(kFirst, 10s);
  EXPECT_EQ(cases.take_due(10s), kFirst);
  EXPECT_FALSE(cases.take_due(1h));
}

TEST(Cases, TheOneThatWaitsLongestComesFirst) {
  Cases cases;
  cases.open(kSecond, 10s);
  cases.open(kFirst, 11s);
  EXPECT_EQ(cases.take_due(20s), kSecond);
  EXPECT_EQ(cases.take_due(20s), kFirst);
}

TEST(Cases, AnOpenCaseIsExaminedAgainLater) {
  Cases cases;
  cases.open(kFirst, 10s);
  cases.take_due(10s);
  cases.note(kFirst, {found("SF802")}, 11s);
  ASSERT_NE(cases.finding(kFirst), nullptr);
  EXPECT_EQ(cases.finding(kFirst)->code, "SF802");
  EXPECT_FALSE(cases.take_due(40s));
  EXPECT_EQ(cases.take_due(41s), kFirst);
}

TEST(Cases, OfSeveralServicesTheOneWithAFaultSpeaks) {
  Cases cases;
  cases.open(kFirst, 10s);
  cases.note(kFirst, {found(""), found("SF806")}, 11s);
  EXPECT_EQ(cases.finding(kFirst)->code, "SF806");
}

TEST(Cases, WhatRecoveredMeanwhileHasNoFinding) {
  Cases cases;
  cases.open(kFirst, 10s);
  cases.take_due(10s);
  cases.close(kFirst);
  cases.note(kFirst, {found("SF802")}, 11s);
  EXPECT_EQ(cases.finding(kFirst), nullptr);
}

TEST(Cases, ABackendThatTheFileNamesNoMoreHasNoCase) {
  Cases cases;
  cases.open(kFirst, 10s);
  cases.open(kSecond, 10s);
  cases.adopt(web_of(1));
  EXPECT_EQ(cases.take_due(10s), kFirst);
  EXPECT_FALSE(cases.take_due(10s));
}

TEST(Cases, ThoseThatDoNotFailTakeTurns) {
  Cases cases;
  cases.adopt(web_of(2));
  EXPECT_EQ(cases.take_due(100s), kFirst);
  cases.note(kFirst, {found("")}, 100s);
  EXPECT_FALSE(cases.take_due(101s));
  EXPECT_EQ(cases.take_due(105s), kSecond);
  EXPECT_FALSE(cases.take_due(110s)) << "a turn that has not ended";
  cases.note(kSecond, {found("")}, 110s);
  EXPECT_EQ(cases.take_due(110s), kFirst);
}

TEST(Cases, WhatATurnFindsIsToldWhenASecondLookFindsItToo) {
  Cases cases;
  cases.adopt(web_of(1));
  ASSERT_EQ(cases.take_due(100s), kFirst);
  cases.note(kFirst, {found("SF804")}, 101s);
  EXPECT_EQ(cases.finding(kFirst), nullptr);
  ASSERT_EQ(cases.take_due(103s), kFirst);
  cases.note(kFirst, {found("SF804")}, 104s);
  ASSERT_NE(cases.finding(kFirst), nullptr);
  ASSERT_EQ(cases.take_due(134s), kFirst);
  cases.note(kFirst, {found("")}, 135s);
  EXPECT_EQ(cases.finding(kFirst), nullptr);
}

TEST(Cases, APoolWithoutACheckIsNotAsked) {
  Cases cases;
  cases.adopt(model_of(lab_config(service("web", "192.0.2.10") + pool(members(1), ""))));
  EXPECT_FALSE(cases.take_due(100s));
}

}  // namespace
}  // namespace steadfast
