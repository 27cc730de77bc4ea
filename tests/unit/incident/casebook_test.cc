// SPDX-License-Identifier: Apache-2.0
#include "incident/casebook.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "journal/journal.h"

namespace steadfast::incident {
namespace {

constexpr double kStart_s = 1795399200;

detect::Suspect suspect(const std::string& object, std::uint64_t generation = 0, double weight = 0.8) {
  return {object, weight, "evidence", generation, "alice", "edge.toml", {27, 3}, "steadfast rollback"};
}

detect::Alarm alarm(const std::string& object, double since_s, std::vector<detect::Suspect> suspects) {
  detect::Alarm alarm;
  alarm.key = "T1 " + object;
  alarm.detector = "T1";
  alarm.object = object;
  alarm.verdict = "no_backend";
  alarm.since_s = since_s;
  alarm.raised_s = since_s + 1.5;
  alarm.sentence = object + " drops 30 %";
  alarm.suspects = std::move(suspects);
  return alarm;
}

GenerationSeen generation(std::uint64_t number, const char* outcome, const std::string& because = {}) {
  return {number, outcome, "alice", "edge.toml", kStart_s - 100, because};
}

class Casebooks : public testing::Test {
 protected:
  Moment moment(double after_s, std::vector<detect::Alarm> alarms = {}) {
    return {kStart_s + after_s, std::move(alarms), generations_, {}, {}};
  }
  const Record& record(std::uint64_t number) { return *book_.find(number); }
  bool says(std::uint64_t number, Step what, const std::string& text) {
    const auto& timeline = record(number).timeline;
    return std::any_of(timeline.begin(), timeline.end(), [&](const Entry& entry) {
      return entry.what == what && entry.text.find(text) != std::string::npos;
    });
  }

  std::vector<GenerationSeen> generations_{generation(46, outcome::kRunning)};
  Casebook book_{{}, 0, {generation(46, outcome::kRunning)}};
  detect::Alarm web_ = alarm("service/web", kStart_s, {suspect("backend/web/b3", 47), suspect("pool/web")});
};

TEST_F(Casebooks, APageBeginsAnIncidentWithItsCulprit) {
  EXPECT_EQ(book_.take(moment(2, {web_})), std::set<std::uint64_t>{1});
  const Record& begun = record(1);
  EXPECT_TRUE(begun.open);
  EXPECT_EQ(begun.sentence, "service/web drops 30 %");
  EXPECT_EQ(begun.first_packet_s, kStart_s);
  EXPECT_EQ(begun.detected_s, 1.5);
  EXPECT_EQ(begun.located_s, 1.5);
  EXPECT_EQ(begun.undone_s, std::nullopt);
  EXPECT_EQ(begun.culprit.object, "backend/web/b3");
  EXPECT_EQ(begun.culprit.place.line, 27u);
  EXPECT_EQ(begun.suspects.size(), 2u);
  EXPECT_TRUE(book_.take(moment(3, {web_})).empty()) << "nothing is new about it";
}

TEST_F(Casebooks, AWarningAloneIsNoIncident) {
  web_.severity = detect::Severity::warn;
  EXPECT_TRUE(book_.take(moment(2, {web_})).empty());
  EXPECT_EQ(book_.open(), 0u);
}

TEST_F(Casebooks, AlarmsOfOneCulpritAreOneIncidentHoweverLate) {
  book_.take(moment(2, {web_}));
  const auto later = alarm("service/chat", kStart_s + 600, {suspect("backend/web/b3", 47)});
  book_.take(moment(602, {web_, later}));
  EXPECT_EQ(book_.last_number(), 1u);
  EXPECT_EQ(record(1).alarms.size(), 2u);
}

TEST_F(Casebooks, TheLikeliestSuspectStandsFirstWhoeverNamedIt) {
  book_.take(moment(2, {web_}));
  const auto surer = alarm("service/chat", kStart_s + 3, {suspect("pool/web", 0, 0.9)});
  book_.take(moment(5, {web_, surer}));
  ASSERT_EQ(record(1).suspects.size(), 2u);
  EXPECT_EQ(record(1).suspects.front().object, "pool/web");
  EXPECT_EQ(record(1).suspects.front().weight, 0.9);
  EXPECT_EQ(record(1).culprit.object, "backend/web/b3") << "who was told first stays";
}

TEST_F(Casebooks, AnAlarmThatComesBackWhileItsIncidentLastsJoinsItWhoeverItBlamesThen) {
  const auto chat = alarm("service/chat", kStart_s + 3, {suspect("backend/web/b3", 47)});
  book_.take(moment(5, {web_, chat}));
  for (const double after_s : {60, 100}) book_.take(moment(after_s, {chat}));
  web_.since_s += 101;
  web_.raised_s += 101;
  web_.suspects = {suspect("pool/other")};
  book_.take(moment(103, {web_, chat}));
  EXPECT_EQ(book_.last_number(), 1u);
}

TEST_F(Casebooks, AlarmsOfOneMinuteAreOneIncident) {
  book_.take(moment(2, {web_}));
  book_.take(moment(40, {web_, alarm("service/chat", kStart_s + 38, {suspect("interface/eth0")})}));
  EXPECT_EQ(book_.last_number(), 1u);
  book_.take(moment(102, {web_, alarm("service/dns", kStart_s + 100, {suspect("backend/dns/d1")})}));
  EXPECT_EQ(book_.last_number(), 2u) << "another culprit, much later";
}

TEST_F(Casebooks, AnEarlierFirstPacketMakesEveryDelayLonger) {
  book_.take(moment(2, {web_}));
  book_.take(moment(10, {web_, alarm("service/chat", kStart_s - 5, {suspect("backend/web/b3", 47)})}));
  EXPECT_EQ(record(1).first_packet_s, kStart_s - 5);
  EXPECT_EQ(record(1).detected_s, 1.5) << "the other one was raised earlier still";
  EXPECT_EQ(record(1).located_s, 6.5);
  EXPECT_EQ(record(1).timeline.front().what, Step::first_packet);
  EXPECT_EQ(record(1).timeline.front().at_s, kStart_s - 5);
}

TEST_F(Casebooks, ItIsOverWhenNoAlarmHasStoodForAWhile) {
  book_.take(moment(2, {web_}));
  book_.take(moment(30, {web_}));
  book_.take(moment(31));
  EXPECT_TRUE(record(1).open);
  book_.take(moment(30 + kQuiet_s));
  EXPECT_FALSE(record(1).open);
  EXPECT_EQ(record(1).recovered_s, 30);
  EXPECT_TRUE(says(1, Step::alarm_ended, "T1 service/web"));
}

TEST_F(Casebooks, AnAlarmThatComesBackAtOnceOpensItAgain) {
  book_.take(moment(2, {web_}));
  book_.take(moment(2 + kQuiet_s));
  EXPECT_EQ(book_.open(), 0u);
  web_.raised_s += 40;
  web_.since_s += 40;
  book_.take(moment(42, {web_}));
  EXPECT_EQ(book_.last_number(), 1u);
  EXPECT_TRUE(record(1).open);
  EXPECT_EQ(record(1).recovered_s, std::nullopt);
  EXPECT_EQ(record(1).detected_s, 1.5) << "it was detected when it was detected first";
}

TEST_F(Casebooks, MuchLaterItIsAnotherOne) {
  book_.take(moment(2, {web_}));
  book_.take(moment(2 + kQuiet_s));
  web_.since_s += 1000;
  web_.raised_s += 1000;
  book_.take(moment(1002, {web_}));
  EXPECT_EQ(book_.last_number(), 2u);
}

TEST_F(Casebooks, TheRollbackOfTheCulpritUndoesIt) {
  generations_.push_back(generation(47, outcome::kPending));
  book_.take(moment(-1));
  book_.take(moment(2, {web_}));
  generations_.back() = generation(47, outcome::kRolledBack, "web drops 30 %");
  book_.take(moment(2.5, {web_}));
  EXPECT_EQ(book_.last_number(), 1u);
  EXPECT_EQ(record(1).undone_s, 2.5);
  EXPECT_TRUE(says(1, Step::rolled_back, "generation 47 was rolled back: web drops 30 %"));
}

TEST_F(Casebooks, WhatBeganLongBeforeAChangeIsNotUndoneByItsEnd) {
  book_.take(moment(2, {web_}));
  generations_.push_back(generation(48, outcome::kPending));
  book_.take(moment(30, {web_}));
  generations_.back() = generation(48, outcome::kRolledBack, "not confirmed in time");
  book_.take(moment(40, {web_}));
  EXPECT_EQ(record(1).undone_s, std::nullopt);
  EXPECT_EQ(book_.last_number(), 2u) << "an incident of its own";
}

TEST_F(Casebooks, TheEndOfAnotherGenerationUndoesNothing) {
  web_.suspects.push_back(suspect("generation/46", 46, 0.1));
  book_.take(moment(2, {web_}));
  generations_ = {generation(46, outcome::kReplaced), generation(47, outcome::kRunning)};
  book_.take(moment(2.2, {web_}));
  EXPECT_EQ(record(1).undone_s, std::nullopt);
}

TEST_F(Casebooks, APendingChangeThatWasTakenBackIsAnIncidentWithoutAnyAlarm) {
  generations_.push_back(generation(47, outcome::kPending));
  book_.take(moment(0));
  generations_.back() = generation(47, outcome::kRolledBack, "not confirmed in time");
  book_.take(moment(60));
  ASSERT_NE(book_.find(1), nullptr);
  EXPECT_FALSE(record(1).open);
  EXPECT_EQ(record(1).first_packet_s, kStart_s) << "since it went live";
  EXPECT_EQ(record(1).undone_s, 60);
  EXPECT_EQ(record(1).culprit.object, "generation/47");
  EXPECT_EQ(record(1).culprit.author, "alice");
  EXPECT_EQ(record(1).culprit.command, "steadfast diff 47");
}

TEST_F(Casebooks, TheAlarmMayComeAfterTheRollback) {
  generations_.push_back(generation(47, outcome::kPending));
  book_.take(moment(-1));
  generations_.back() = generation(47, outcome::kRolledBack, "web drops 30 %");
  book_.take(moment(2));
  book_.take(moment(2.2, {web_}));
  EXPECT_EQ(book_.last_number(), 1u);
  EXPECT_EQ(record(1).culprit.object, "backend/web/b3") << "the one with a place in the file";
  EXPECT_TRUE(record(1).open);
}

TEST_F(Casebooks, WhatToTypeFollowsWhatBecameOfTheGeneration) {
  web_.sentence += "; type: steadfast cancel";
  web_.suspects.front().command = "steadfast cancel";
  for (const auto& [became, command] : {std::pair{outcome::kPending, "steadfast cancel"},
                                        {outcome::kRunning, "steadfast rollback"},
                                        {outcome::kReplaced, "steadfast history"},
                                        {outcome::kRolledBack, "steadfast diff 47"}}) {
    generations_ = {generation(46, outcome::kRunning), generation(47, became)};
    Casebook book({}, 0, generations_);
    book.take(moment(2, {web_}));
    EXPECT_EQ(book.find(1)->culprit.command, command) << became;
    EXPECT_EQ(book.find(1)->suspects.front().command, command) << became;
    EXPECT_EQ(book.find(1)->sentence, "service/web drops 30 %") << became;
    for (const Entry& entry : book.find(1)->timeline)
      EXPECT_EQ(entry.text.find("type:"), std::string::npos) << entry.text;
  }
}

TEST_F(Casebooks, NothingIsRolledBackWhileAnotherChangeIsPending) {
  generations_.push_back(generation(47, outcome::kRunning));
  generations_.push_back(generation(48, outcome::kPending));
  book_.take(moment(2, {web_}));
  EXPECT_EQ(record(1).culprit.command, "steadfast history");
  generations_.back() = generation(48, outcome::kCancelled);
  book_.take(moment(3, {web_}));
  EXPECT_EQ(record(1).culprit.command, "steadfast rollback");
}

TEST_F(Casebooks, AnIncidentThatIsOverDoesNotCancelTheNextChange) {
  generations_.push_back(generation(47, outcome::kPending));
  web_.suspects.front().command = "steadfast cancel";
  book_.take(moment(2, {web_}));
  ASSERT_EQ(record(1).culprit.command, "steadfast cancel");
  generations_.back() = generation(47, outcome::kRolledBack, "web drops 30 %");
  EXPECT_EQ(book_.take(moment(3)), std::set<std::uint64_t>{1});
  EXPECT_EQ(record(1).culprit.command, "steadfast diff 47");
  EXPECT_EQ(record(1).suspects.back().command, "steadfast rollback") << "of no generation that is known";
}

TEST_F(Casebooks, WhatAnOperatorCancelsIsNoIncident) {
  generations_.push_back(generation(47, outcome::kPending));
  book_.take(moment(0));
  generations_.back() = generation(47, outcome::kCancelled, "cancelled by alice");
  book_.take(moment(5));
  EXPECT_EQ(book_.last_number(), 0u);
}

TEST_F(Casebooks, ARollbackByHandUndoesAnIncidentAndIsNone) {
  generations_.push_back(generation(47, outcome::kRunning));
  book_.take(moment(-5));
  generations_.back() = generation(47, outcome::kRolledBack);
  book_.take(moment(-4));
  EXPECT_EQ(book_.last_number(), 0u);
  generations_.back() = generation(47, outcome::kRunning);
  book_.take(moment(2, {web_}));
  generations_.back() = generation(47, outcome::kRolledBack, "rolled back by alice");
  book_.take(moment(90, {web_}));
  EXPECT_EQ(record(1).undone_s, 90);
}

TEST_F(Casebooks, WhatTheKernelTookBackWhileNoDaemonLivedIsFoundAtTheStart) {
  Casebook next({}, 6, {generation(46, outcome::kRunning), generation(47, outcome::kPending)});
  generations_.push_back(generation(47, outcome::kRolledBack, "steadfastd ended before it was confirmed"));
  next.take(moment(0));
  ASSERT_NE(next.find(7), nullptr) << "the number after the last that was ever given";
  EXPECT_EQ(next.find(7)->first_packet_s, kStart_s - 100) << "when it was made";
}

TEST_F(Casebooks, ACrashLoopIsAnIncident) {
  Casebook next({}, 0, {generation(46, outcome::kRunning), generation(47, outcome::kRunning)});
  generations_.push_back(generation(47, outcome::kRolledBack, "steadfastd ended 2 times within 60 s"));
  next.take(moment(0));
  ASSERT_NE(next.find(1), nullptr);
  EXPECT_EQ(next.find(1)->culprit.generation, 47u);
  EXPECT_EQ(next.find(1)->first_packet_s, kStart_s);
}

TEST_F(Casebooks, OldEndingsInTheJournalAreNoNews) {
  Casebook next({}, 0, {generation(45, outcome::kRolledBack), generation(46, outcome::kRunning)});
  generations_.insert(generations_.begin(), generation(45, outcome::kRolledBack));
  next.take(moment(0));
  EXPECT_EQ(next.last_number(), 0u);
}

TEST_F(Casebooks, AnEjectionOfTheCulpritUndoesIt) {
  book_.take(moment(2, {web_}));
  Moment ejected = moment(4, {web_});
  ejected.out = {{"backend/web/b1", kStart_s - 300, "down"},
                 {"backend/web/b2", kStart_s + 3, "down"},
                 {"backend/web/b3", kStart_s + 3.5, "deaf"}};
  book_.take(ejected);
  EXPECT_EQ(record(1).undone_s, 3.5);
  EXPECT_TRUE(says(1, Step::ejected, "backend/web/b2"));
  EXPECT_FALSE(says(1, Step::ejected, "backend/web/b1")) << "it was out long before";
  EXPECT_TRUE(book_.take(ejected).empty()) << "said once";
}

TEST_F(Casebooks, ARepairUndoesWhatNoGenerationBrought) {
  web_.suspects = {suspect("table/sf_backends")};
  book_.take(moment(2, {web_}));
  Moment repaired = moment(3, {web_});
  repaired.repairs = {"SF905: written anew"};
  book_.take(repaired);
  EXPECT_EQ(record(1).undone_s, 3);
  EXPECT_TRUE(says(1, Step::repaired, "SF905"));
}

TEST_F(Casebooks, ARepairIsSaidButUndoesNothingThatAGenerationBrought) {
  book_.take(moment(2, {web_}));
  Moment repaired = moment(3, {web_});
  repaired.repairs = {"SF905: written anew"};
  book_.take(repaired);
  EXPECT_EQ(record(1).undone_s, std::nullopt);
  EXPECT_TRUE(says(1, Step::repaired, "SF905"));
}

TEST_F(Casebooks, ItIsUndoneWhenItIsUndoneFirst) {
  web_.suspects = {suspect("table/sf_backends")};
  book_.take(moment(2, {web_}));
  for (const double after_s : {3, 9}) {
    Moment repaired = moment(after_s, {web_});
    repaired.repairs = {"SF905: written anew"};
    book_.take(repaired);
  }
  EXPECT_EQ(record(1).undone_s, 3);
}

TEST_F(Casebooks, WhatAFormerLifeLeftOpenGoesOnOrEnds) {
  book_.take(moment(2, {web_}));
  Casebook goes_on({record(1)}, 1, generations_);
  goes_on.take(moment(30));
  EXPECT_EQ(goes_on.open(), 1u) << "the detectors have hardly begun";
  goes_on.take(moment(32, {web_}));
  EXPECT_EQ(goes_on.last_number(), 1u);
  Casebook ends({record(1)}, 1, generations_);
  ends.take(moment(30));
  ends.take(moment(30 + kQuiet_s));
  EXPECT_EQ(ends.open(), 0u);
  EXPECT_EQ(ends.find(1)->recovered_s, 30) << "at the latest";
}

}  // namespace
}  // namespace steadfast::incident
