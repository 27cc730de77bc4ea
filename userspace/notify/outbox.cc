// SPDX-License-Identifier: Apache-2.0
#include "notify/outbox.h"

#include <algorithm>
#include <set>

namespace steadfast::notify {

void Outbox::take(const std::vector<detect::Alarm>& alarms, double now_s) {
  std::set<std::string> standing;
  for (const detect::Alarm& alarm : alarms) {
    standing.insert(alarm.key);
    Entry& entry = entries_[alarm.key];
    const bool is_new = entry.message.alarm.key.empty();
    if (is_new) entry.message.alarm = alarm;
    // What to type follows what became of a generation; nothing else of one that stands changes.
    entry.message.alarm.sentence = alarm.sentence;
    entry.message.alarm.suspects = alarm.suspects;
    // One that begins again before its end was told has not ended.
    if (entry.message.ended_s) entry = Entry{{alarm, {}}, {}};
  }
  for (auto& [key, entry] : entries_)
    if (!standing.contains(key) && !entry.message.ended_s) entry.message.ended_s = now_s;
  // What nobody was told of need not be taken back; it is told all the same: an alarm
  // that was short is news too.
  forget_the_oldest();
}

bool Outbox::is_due(const Entry& entry, double now_s) const {
  if (!entry.sent_s || entry.message.ended_s) return true;
  return repeat_s_ > 0 && now_s - *entry.sent_s >= repeat_s_;
}

std::vector<Message> Outbox::due(double now_s) const {
  std::vector<Message> messages;
  if (now_s < not_before_s_) return messages;
  for (const auto& [key, entry] : entries_)
    if (is_due(entry, now_s)) messages.push_back(entry.message);
  return messages;
}

// What has changed since it was handed out is due again.
void Outbox::sent(const std::vector<Message>& messages, double now_s) {
  pause_s_ = 0;
  not_before_s_ = 0;
  for (const Message& message : messages) {
    const auto found = entries_.find(message.alarm.key);
    if (found == entries_.end() || found->second.message.alarm.raised_s != message.alarm.raised_s) continue;
    found->second.sent_s = now_s;
    if (message.ended_s) entries_.erase(found);
  }
}

void Outbox::failed(double now_s) {
  pause_s_ = pause_s_ == 0 ? kFirstPause_s : std::min(2 * pause_s_, kLongestPause_s);
  not_before_s_ = now_s + pause_s_;
}

std::optional<double> Outbox::next_s() const {
  std::optional<double> next;
  for (const auto& [key, entry] : entries_) {
    const bool now = !entry.sent_s || entry.message.ended_s;
    if (!now && repeat_s_ == 0) continue;
    const double due_s = std::max(not_before_s_, now ? 0 : *entry.sent_s + repeat_s_);
    next = std::min(next.value_or(due_s), due_s);
  }
  return next;
}

void Outbox::forget_the_oldest() {
  while (entries_.size() > kKept) {
    const auto oldest = std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
      const auto age = [](const Entry& entry) {
        return std::pair(!entry.message.ended_s,
                         entry.message.ended_s.value_or(entry.message.alarm.raised_s));
      };
      return age(a.second) < age(b.second);
    });
    entries_.erase(oldest);
  }
}

}  // namespace steadfast::notify
