// SPDX-License-Identifier: Apache-2.0
#include "notify/outbox.h"

#include <gtest/gtest.h>

namespace steadfast::notify {
namespace {

constexpr double kRepeat_s = 60;

detect::Alarm alarm(const std::string& key, double raised_s = 0) {
  detect::Alarm alarm;
  alarm.key = key;
  alarm.raised_s = raised_s;
  return alarm;
}

class Outboxes : public testing::Test {
 protected:
  // Everything that is due arrives.
  std::size_t deliver(double now_s) {
    const auto messages = outbox_.due(now_s);
    outbox_.sent(messages, now_s);
    return messages.size();
  }

  Outbox outbox_{kRepeat_s};
};

TEST_F(Outboxes, AnAlarmIsToldOnceAndThenAtThePace) {
  outbox_.take({alarm("a")}, 0);
  EXPECT_EQ(deliver(0), 1u);
  outbox_.take({alarm("a")}, 1);
  EXPECT_EQ(deliver(1), 0u) << "nothing is new about it";
  EXPECT_EQ(outbox_.next_s(), kRepeat_s);
  EXPECT_EQ(deliver(kRepeat_s), 1u);
}

TEST_F(Outboxes, WithoutAPaceItIsToldOnce) {
  Outbox once(0);
  once.take({alarm("a")}, 0);
  once.sent(once.due(0), 0);
  EXPECT_TRUE(once.due(1e6).empty());
  EXPECT_EQ(once.next_s(), std::nullopt);
}

TEST_F(Outboxes, ItsEndIsToldOnce) {
  outbox_.take({alarm("a")}, 0);
  deliver(0);
  outbox_.take({}, 5);
  const auto due = outbox_.due(5);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].ended_s, 5);
  outbox_.sent(due, 5);
  EXPECT_TRUE(outbox_.due(1e6).empty());
}

TEST_F(Outboxes, AShortAlarmIsToldToo) {
  outbox_.take({alarm("a")}, 0);
  outbox_.take({}, 1);
  ASSERT_EQ(outbox_.due(1).size(), 1u);
  EXPECT_EQ(outbox_.due(1)[0].ended_s, 1);
}

TEST_F(Outboxes, WhatEndsWhileItIsBeingToldIsToldAgain) {
  outbox_.take({alarm("a")}, 0);
  const auto under_way = outbox_.due(0);
  outbox_.take({}, 1);
  outbox_.sent(under_way, 2);
  ASSERT_EQ(outbox_.due(2).size(), 1u);
  EXPECT_EQ(outbox_.due(2)[0].ended_s, 1);
}

TEST_F(Outboxes, WhatBeginsAnewBeforeItsEndWasToldStands) {
  outbox_.take({alarm("a", 0)}, 0);
  outbox_.take({}, 1);
  const auto end = outbox_.due(1);
  outbox_.take({alarm("a", 2)}, 2);
  outbox_.sent(end, 3);
  ASSERT_EQ(outbox_.due(3).size(), 1u) << "the end that arrived was another one's";
  EXPECT_EQ(outbox_.due(3)[0].ended_s, std::nullopt);
}

TEST_F(Outboxes, WhatIsToldDoesNotChangeWhileItStandsButWhatToType) {
  outbox_.take({alarm("a")}, 0);
  deliver(0);
  detect::Alarm other = alarm("a");
  other.object = "another one";
  other.sentence = "type: steadfast history";
  other.suspects = {{}};
  other.suspects[0].command = "steadfast history";
  outbox_.take({other}, 1);
  EXPECT_TRUE(outbox_.due(1).empty()) << "no news: it is told with the next repetition";
  const detect::Alarm told = outbox_.due(kRepeat_s).at(0).alarm;
  EXPECT_EQ(told.object, alarm("a").object);
  EXPECT_EQ(told.sentence, "type: steadfast history");
  EXPECT_EQ(told.suspects.at(0).command, "steadfast history");
}

TEST_F(Outboxes, AReceiverThatFailsIsAskedEverLessOften) {
  outbox_.take({alarm("a")}, 0);
  double now_s = 0, pause_s = kFirstPause_s;
  for (int i = 0; i < 10; ++i) {
    ASSERT_FALSE(outbox_.due(now_s).empty());
    outbox_.failed(now_s);
    EXPECT_TRUE(outbox_.due(now_s + pause_s - 0.01).empty());
    EXPECT_EQ(outbox_.next_s(), now_s + pause_s);
    now_s += pause_s;
    pause_s = std::min(2 * pause_s, kLongestPause_s);
  }
  EXPECT_EQ(pause_s, kLongestPause_s);
  EXPECT_EQ(deliver(now_s), 1u);
  outbox_.take({alarm("a"), alarm("b")}, now_s + 1);
  EXPECT_EQ(deliver(now_s + 1), 1u) << "once it answers there is no pause";
}

TEST_F(Outboxes, IsBoundedAndForgetsWhatIsOverFirst) {
  outbox_.take({alarm("over")}, 0);
  std::vector<detect::Alarm> many;
  for (std::size_t i = 0; i < kKept; ++i) many.push_back(alarm("a" + std::to_string(i)));
  outbox_.take(many, 1);
  EXPECT_EQ(outbox_.due(1).size(), kKept);
  for (const Message& message : outbox_.due(1)) EXPECT_NE(message.alarm.key, "over");
}

}  // namespace
}  // namespace steadfast::notify
