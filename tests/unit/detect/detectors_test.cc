// SPDX-License-Identifier: Apache-2.0
// What the detectors make of one second after the other: alarms that begin, say what
// they are about, and end; and which of them a pending change must go back for.
#include "detect/detectors.h"

#include "detect/sentence.h"
#include "world.h"

namespace steadfast::detect {
namespace {

class DetectorsTest : public World {
 protected:
  static void expect_says(const std::string& sentence, const std::string& part) {
    EXPECT_NE(sentence.find(part), std::string::npos) << sentence;
  }
};

TEST_F(DetectorsTest, OnePacketWithoutABackendIsEnough) {
  quiet(5);
  carry("web", 1, SF_NO_BACKEND);
  tell();
  ASSERT_NE(alarm("service/web no_backend"), nullptr);
  EXPECT_EQ(alarm("service/web no_backend")->detector, "T0");
  EXPECT_EQ(alarm("service/web no_backend")->severity, Severity::page);
}

TEST_F(DetectorsTest, PacketsThatFollowAnotherGenerationAreSaid) {
  second_.generation = 7;
  second_.generation_in_kernel = 6;
  quiet(1);
  EXPECT_TRUE(detectors_.alarms().empty()) << "a flip may be between two looks";
  quiet(1);
  ASSERT_NE(alarm("generation/7 not_acknowledged"), nullptr);
  expect_says(alarm("generation/7 not_acknowledged")->sentence, "packets follow generation 6");
}

TEST_F(DetectorsTest, EveryRunOfTheProgramIsAVerdict) {
  second_.program_runs = 1;
  for (int s = 0; s < 60; ++s) second_.counted += 3000, *second_.program_runs += 3000, quiet(1);
  EXPECT_TRUE(detectors_.alarms().empty());
  for (int s = 0; s < 20; ++s) second_.counted += 2000, *second_.program_runs += 3000, quiet(1);
  EXPECT_NE(alarm("host law_of_sums"), nullptr);
}

TEST_F(DetectorsTest, AKernelThatStopsCountingRunsProvesNothing) {
  second_.program_runs = 1;
  for (int s = 0; s < 30; ++s) second_.counted += 3000, *second_.program_runs += 3000, quiet(1);
  for (int s = 0; s < 30; ++s) second_.counted += 3000, quiet(1);
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(DetectorsTest, AnAlarmSaysWhatWhoSinceWhenAndWhatToType) {
  quiet(60);
  row("chat", 3).has_next_hop = false;
  show();
  pend(47, {backend("chat", 3)}, "chat");
  carry("chat", 300, SF_NO_NEXT_HOP);
  quiet(1, 700);
  const Alarm* found = alarm("service/chat no_next_hop");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->detector, "T1");
  EXPECT_NEAR(found->share, 0.3, 0.01);
  EXPECT_NEAR(found->since_s, kAhead_s + now_s_ - 1, 0.001);
  for (const char* part : {"service/chat", "30.0 %", "no_next_hop", "2023-11-14T22:31:00Z", "generation 47",
                           "ann", "edge.toml:40", "backend/chat/chat-03", "steadfast cancel"})
    expect_says(found->sentence, part);
  EXPECT_EQ(without_command(found->sentence) + "; type: steadfast cancel", found->sentence);
}

TEST_F(DetectorsTest, OnceTakenBackNothingElseIsToBeCancelled) {
  quiet(60);
  pend(47, {backend("chat", 3)}, "chat");
  carry("chat", 300, SF_NO_NEXT_HOP);
  quiet(1, 700);
  const std::string before = alarm("service/chat no_next_hop")->sentence;
  expect_says(before, "; type: steadfast cancel");
  second_.unconfirmed.reset();
  quiet(1);
  const Alarm* found = alarm("service/chat no_next_hop");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->sentence, without_command(before) + "; type: steadfast rollback") << "confirmed";
  second_.generation = second_.generation_in_kernel = 46;  // as when it was taken back
  quiet(1);
  EXPECT_EQ(alarm("service/chat no_next_hop")->suspects.front().command, "steadfast history");
}

TEST_F(DetectorsTest, ItsSentenceStaysAndItEndsSomeSecondsAfterItIsOver) {
  quiet(60);
  carry("web", 100, SF_NO_NEXT_HOP);
  quiet(1);
  const std::string sentence = alarm("service/web no_next_hop")->sentence;
  for (int s = 0; s < 30; ++s) carry("web", 500, SF_NO_NEXT_HOP), quiet(1);
  EXPECT_EQ(alarm("service/web no_next_hop")->sentence, sentence);
  quiet(15);
  EXPECT_NE(alarm("service/web no_next_hop"), nullptr);
  quiet(10);
  EXPECT_EQ(alarm("service/web no_next_hop"), nullptr);
}

TEST_F(DetectorsTest, WhatFlickersIsOneAlarm) {
  quiet(60);
  carry("web", 1, SF_NO_BACKEND);
  quiet(1);
  const double raised = alarm("service/web no_backend")->raised_s;
  quiet(8);
  carry("web", 1, SF_NO_BACKEND);
  quiet(8);
  ASSERT_NE(alarm("service/web no_backend"), nullptr);
  EXPECT_EQ(alarm("service/web no_backend")->raised_s, raised);
}

TEST_F(DetectorsTest, APendingChangeGoesBackForWhatItTouched) {
  quiet(60);
  pend(2, {backend("chat", 3)}, "chat");
  carry("chat", 6, SF_NO_NEXT_HOP);
  quiet(1);
  ASSERT_NE(detectors_.harm(2), nullptr) << "less evidence is enough than for an alarm";
  EXPECT_EQ(detectors_.harm(2)->object, "service/chat");
  EXPECT_TRUE(detectors_.harm(2)->rolls_back);
  EXPECT_EQ(detectors_.harm(3), nullptr);
}

TEST_F(DetectorsTest, AndAgainForTheNextOne) {
  quiet(60, 100);
  for (std::uint64_t generation = 2; generation <= 4; ++generation) {
    pend(generation, {backend("chat", 3)}, "chat");
    carry("chat", 6, SF_NO_NEXT_HOP);
    quiet(1, 94);
    ASSERT_NE(detectors_.harm(generation), nullptr) << generation;
    second_.unconfirmed.reset();
    quiet(25, 100);
    EXPECT_TRUE(detectors_.alarms().empty()) << generation;
  }
}

TEST_F(DetectorsTest, WhatRoseBecauseOfAChangeIsHalfAnAlarmNoMore) {
  quiet(60, 5000);
  pend(2, {backend("chat", 3)}, "chat");
  carry("chat", 5, SF_NO_NEXT_HOP);
  quiet(1, 5000);
  ASSERT_NE(detectors_.harm(2), nullptr) << "too little for an alarm of its own";
  second_.unconfirmed.reset();
  quiet(9, 100);
  carry("chat", 2, SF_NO_NEXT_HOP);
  quiet(3, 100);
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(DetectorsTest, OfWhatOthersDidTheLatestIsRemembered) {
  quiet(60);
  for (const std::size_t others : {63u, 64u}) {
    second_.drifts = {{"SF905", backend("chat", 3), "written from outside", now_s_}};
    for (std::size_t i = 0; i < others; ++i)
      second_.drifts.push_back({"SF905", "range/web/" + std::to_string(i), "too", now_s_});
    quiet(1);
    second_.drifts.clear();
    carry("chat", 300, SF_TABLE_ERROR);
    quiet(1, 700);
    const Alarm* found = alarm("service/chat table_error");
    ASSERT_NE(found, nullptr);
    const bool known = found->suspects.front().evidence == "SF905: written from outside";
    EXPECT_EQ(known, others == 63) << found->sentence;
    quiet(200);
  }
}

TEST_F(DetectorsTest, WhatAChangeMakesWorseBeginsAnew) {
  quiet(60);
  for (int s = 0; s < 40; ++s) carry("chat", 20, SF_NO_NEXT_HOP), quiet(1);
  ASSERT_NE(alarm("service/chat no_next_hop"), nullptr);
  pend(2, {backend("chat", 3)}, "chat");
  for (int s = 0; s < 3; ++s) carry("chat", 300, SF_NO_NEXT_HOP), quiet(1);
  ASSERT_NE(detectors_.harm(2), nullptr);
  expect_says(detectors_.harm(2)->sentence, "generation 2");
}

TEST_F(DetectorsTest, NotForAHandfulOfStrays) {
  quiet(60, 10);
  pend(2, {backend("chat", 3)}, "chat");
  for (int i = 0; i < 4; ++i) carry("chat", 1, SF_NO_NEXT_HOP), quiet(5, 10);
  EXPECT_EQ(detectors_.harm(2), nullptr);
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(DetectorsTest, NotForWhatItLeftAlone) {
  quiet(60);
  pend(2, {backend("chat", 3)}, "chat");
  for (int s = 0; s < 5; ++s) carry("web", 300, SF_NO_NEXT_HOP), quiet(1);
  EXPECT_NE(alarm("service/web no_next_hop"), nullptr);
  EXPECT_EQ(detectors_.harm(2), nullptr);
}

TEST_F(DetectorsTest, NotForWhatBeganBefore) {
  quiet(60);
  for (int s = 0; s < 40; ++s) carry("chat", 300, SF_NO_NEXT_HOP), quiet(1);
  pend(2, {backend("chat", 3)}, "chat");
  for (int s = 0; s < 20; ++s) carry("chat", 300, SF_NO_NEXT_HOP), quiet(1);
  EXPECT_EQ(detectors_.harm(2), nullptr);
}

TEST_F(DetectorsTest, NotWhenTheOthersSufferAlike) {
  quiet(60);
  pend(2, {backend("chat", 3)}, "chat");
  for (int s = 0; s < 5; ++s) {
    for (const char* name : {"web", "chat", "mail"}) carry(name, 300, SF_NO_NEXT_HOP);
    quiet(1);
  }
  EXPECT_NE(alarm("service/chat no_next_hop"), nullptr);
  EXPECT_EQ(detectors_.harm(2), nullptr);
}

TEST_F(DetectorsTest, NeverForNoise) {
  quiet(60);
  pend(2, {backend("chat", 3)}, "chat");
  for (int s = 0; s < 20; ++s) {
    carry("chat", 5000, SF_BAD_TRANSPORT);
    carry("chat", 5000, SF_SOURCE_DENIED);
    quiet(1);
  }
  ASSERT_FALSE(detectors_.alarms().empty());
  EXPECT_EQ(detectors_.alarms()[0].detector, "T2");
  EXPECT_EQ(detectors_.alarms()[0].severity, Severity::warn);
  EXPECT_EQ(detectors_.harm(2), nullptr);
}

TEST_F(DetectorsTest, NoiseThatMeetsNoServiceIsTheHosts) {
  VerdictCounts host{};
  second_.host = &host;
  for (int s = 0; s < 60; ++s) host[SF_NOT_SERVICE].packets += 100, quiet(1);
  EXPECT_TRUE(detectors_.alarms().empty());
  for (int s = 0; s < 5; ++s) host[SF_TRUNCATED].packets += 500, quiet(1);
  ASSERT_NE(alarm("host truncated"), nullptr);
  EXPECT_EQ(alarm("host truncated")->detector, "T2");
}

TEST_F(DetectorsTest, SilentBackendsArePassedOn) {
  second_.silent.push_back({backend("web", 2), "0 of 12 handshakes", 0.0, now_s_ - 4, true});
  quiet(1);
  const Alarm* found = alarm(backend("web", 2) + " silent");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->detector, "T3");
  EXPECT_EQ(found->share, 1);
  expect_says(found->sentence, "doctor --backend web/web-02");
}

TEST_F(DetectorsTest, ABackendThatTheChangePutThereAndThatIsSilentTakesItBack) {
  quiet(60);
  pend(47, {backend("web", 2)}, "web");
  quiet(5);
  EXPECT_EQ(detectors_.harm(47), nullptr);
  second_.silent.push_back({backend("web", 2), "", 0.0, now_s_, false});
  quiet(1);
  ASSERT_NE(detectors_.harm(47), nullptr);
  EXPECT_EQ(detectors_.harm(47)->severity, Severity::page) << "also when its flows are taken away already";
  EXPECT_EQ(detectors_.harm(47)->suspects.front().object, backend("web", 2));
  expect_says(detectors_.harm(47)->sentence, "Z: generation 47 by ann, edge.toml:40");
}

TEST_F(DetectorsTest, ABackendThatTheChangeLeftAloneMayBeSilent) {
  quiet(60);
  pend(47, {backend("web", 2)}, "web");
  second_.silent.push_back({backend("web", 3), "", 0.0, now_s_ + 1, true});
  quiet(10);
  EXPECT_EQ(detectors_.harm(47), nullptr);
}

TEST_F(DetectorsTest, SilenceOfBeforeIsNotTheChanges) {
  quiet(60);
  second_.silent.push_back({backend("web", 2), "", 0.0, now_s_ - 5, true});
  quiet(1);
  pend(47, {backend("web", 2)}, "web");
  quiet(10);
  EXPECT_EQ(detectors_.harm(47), nullptr);
}

TEST_F(DetectorsTest, WhenOthersFallSilentTooItIsNotTheChange) {
  quiet(60);
  pend(47, {backend("web", 2)}, "web");
  for (const std::size_t number : {2u, 3u})
    second_.silent.push_back({backend("web", number), "", 0.0, now_s_ + 1, true});
  quiet(10);
  EXPECT_EQ(detectors_.harm(47), nullptr);
}

TEST_F(DetectorsTest, NewFlowsThatLeaveTheRingAreSaidAfterTwoWindows) {
  second_.new_flows.assign(scene_.backends.size(), 0);
  quiet(1);
  for (int window = 0; window < 2; ++window) {
    EXPECT_TRUE(detectors_.alarms().empty());
    for (std::size_t i = 0; i < scene_.backends.size(); ++i) second_.new_flows[i] += i == 1 ? 300 : 100;
    quiet(1);
  }
  ASSERT_EQ(detectors_.alarms().size(), 1u);
  EXPECT_EQ(detectors_.alarms()[0].detector, "T4");
  EXPECT_EQ(detectors_.alarms()[0].severity, Severity::warn);
  expect_says(detectors_.alarms()[0].sentence, "its ring gives it 25 %");
}

TEST_F(DetectorsTest, AnotherRingBeginsAnotherWindow) {
  second_.new_flows.assign(scene_.backends.size(), 0);
  quiet(1);
  for (int window = 0; window < 4; ++window) {
    for (std::size_t i = 0; i < scene_.backends.size(); ++i) second_.new_flows[i] += i == 1 ? 300 : 100;
    show();
    quiet(1);
  }
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(DetectorsTest, ATableThatFillsIsForeseen) {
  double used = 0.6;
  for (int s = 0; s < 600; s += 15) {
    second_.fills = {{"table/flows", used += 0.004, 1}};
    quiet(1);
    second_.fills.clear();
    quiet(14);
  }
  const Alarm* found = alarm("table/flows full_within_30_min");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->severity, Severity::page);
}

TEST_F(DetectorsTest, ATableThatHasJustBegunToFillIsNot) {
  double used = 0;
  for (int s = 0; s < 600; s += 15) {
    second_.fills = {{"table/flows", used += 0.005, 1}};
    quiet(15);
  }
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(DetectorsTest, ATableThatIsAThirdFullIsNoPageHoweverFastItFills) {
  double used = 0.1;
  for (int s = 0; s < 450; s += 15) {
    second_.fills = {{"table/flows", used += 0.01, 1}};
    quiet(15);
  }
  ASSERT_NE(alarm("table/flows full_within_4_h"), nullptr);
  EXPECT_EQ(alarm("table/flows full_within_4_h")->severity, Severity::warn);
}

TEST_F(DetectorsTest, AnOlderChangeIsRememberedWhenAnotherFollows) {
  quiet(60);
  pend(2, {backend("chat", 3)}, "chat");
  second_.unconfirmed.reset();
  pend(3, {backend("web", 3)}, "web");
  second_.unconfirmed.reset();
  carry("chat", 300, SF_NO_NEXT_HOP);
  quiet(1);
  EXPECT_EQ(alarm("service/chat no_next_hop")->suspects.front().generation, 2u);
}

TEST_F(DetectorsTest, WhatStandsIsAsOldAsWhenItWasSeenFirst) {
  second_.drifts = {{"SF601", "host", "a limit is low", 0}};
  quiet(5);
  carry("chat", 300, SF_NO_NEXT_HOP);
  quiet(1);
  EXPECT_EQ(alarm("service/chat no_next_hop")->suspects.front().object, "host");
  quiet(250);
  carry("web", 300, SF_NO_NEXT_HOP);
  quiet(1);
  EXPECT_EQ(alarm("service/web no_next_hop")->suspects.front().object, "service/web");
}

TEST_F(DetectorsTest, AServiceThatSuffersFarMoreThanTheOthersIsNotAlike) {
  quiet(60);
  pend(2, {backend("chat", 3)}, "chat");
  for (int s = 0; s < 3; ++s) {
    for (const char* name : {"web", "mail", "news"}) carry(name, 20, SF_NO_NEXT_HOP);
    carry("chat", 300, SF_NO_NEXT_HOP);
    quiet(1);
  }
  EXPECT_NE(detectors_.harm(2), nullptr);
}

TEST_F(DetectorsTest, CountersOfAnotherRunDoNotBreakTheLawOfSums) {
  second_.program_runs = 1;
  for (int s = 0; s < 30; ++s) {
    show();
    second_.counted += 100, *second_.program_runs += 3000;
    quiet(1);
  }
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(DetectorsTest, SumsThatDifferForAMomentSayNothing) {
  second_.program_runs = 1;
  for (int s = 0; s < 30; ++s) {
    second_.counted += s < 5 ? 2000 : 3000, *second_.program_runs += 3000;
    quiet(1);
    EXPECT_TRUE(detectors_.alarms().empty()) << s;
  }
}

TEST_F(DetectorsTest, FlowCountersThatGoBackSayNothing) {
  second_.new_flows.assign(scene_.backends.size(), 1000);
  quiet(1);
  for (int window = 0; window < 3; ++window) {
    second_.new_flows[0] -= 300;
    for (std::size_t i = 1; i < scene_.backends.size(); ++i) second_.new_flows[i] += 100;
    quiet(1);
  }
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(DetectorsTest, TwoWindowsMustAgreeOnTheBackend) {
  second_.new_flows.assign(scene_.backends.size(), 0);
  quiet(1);
  for (std::size_t window = 0; window < 4; ++window) {
    for (std::size_t i = 0; i < scene_.backends.size(); ++i)
      second_.new_flows[i] += i == window % 2 ? 300 : 100;
    quiet(1);
  }
  EXPECT_TRUE(detectors_.alarms().empty());
}

TEST_F(DetectorsTest, NoiseIsSaidToBeTheSenders) {
  quiet(60);
  for (int s = 0; s < 20; ++s) carry("chat", 500, SF_BAD_TRANSPORT), quiet(1);
  expect_says(alarm("service/chat bad_transport")->sentence, "because of their senders (bad_transport)");
}

}  // namespace
}  // namespace steadfast::detect
