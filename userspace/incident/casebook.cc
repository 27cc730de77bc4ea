// SPDX-License-Identifier: Apache-2.0
// Casebook: which alarms make and join incidents, and when one is over.
#include "incident/casebook.h"

#include <algorithm>
#include <cmath>

#include "detect/sentence.h"
#include "incident/timeline.h"

namespace steadfast::incident {
namespace {

bool has_key(const Record& record, const std::string& key) {
  return std::find(record.alarms.begin(), record.alarms.end(), key) != record.alarms.end();
}

bool is_same(const detect::Suspect& a, const detect::Suspect& b) {
  return (!a.object.empty() && a.object == b.object) || (a.generation != 0 && a.generation == b.generation);
}

bool shares_culprit(const Record& record, const detect::Alarm& alarm) {
  return !alarm.suspects.empty() && is_same(record.culprit, alarm.suspects.front());
}

// A record without a place in the file gets the first one that has it.
bool is_better(const detect::Suspect& now, const detect::Suspect& before) {
  return before.object.empty() || (!before.place && static_cast<bool>(now.place));
}

void add_suspects(Record& record, const std::vector<detect::Suspect>& suspects) {
  for (const detect::Suspect& suspect : suspects) {
    const auto known =
        std::find_if(record.suspects.begin(), record.suspects.end(),
                     [&](const detect::Suspect& each) { return each.object == suspect.object; });
    if (known == record.suspects.end())
      record.suspects.push_back(suspect);
    else if (suspect.weight > known->weight)
      *known = suspect;
  }
  std::stable_sort(record.suspects.begin(), record.suspects.end(),
                   [](const detect::Suspect& a, const detect::Suspect& b) { return a.weight > b.weight; });
}

}  // namespace

Casebook::Casebook(std::vector<Record> kept, std::uint64_t last_number,
                   const std::vector<GenerationSeen>& before)
    : last_number_(last_number) {
  for (Record& record : kept) {
    last_number_ = std::max(last_number_, record.number);
    records_.emplace(record.number, std::move(record));
  }
  for (const GenerationSeen& generation : before) outcomes_[generation.number] = generation.outcome;
}

std::set<std::uint64_t> Casebook::take(const Moment& moment) {
  now_s_ = moment.now_s;
  changed_.clear();
  for (const detect::Alarm& alarm : moment.alarms) take_alarm(alarm);
  take_generations(moment.generations);
  take_out(moment.out);
  take_repairs(moment.repairs);
  renew_commands();
  end_alarms(moment.alarms);
  close_the_quiet();
  began_ = true;
  return changed_;
}

void Casebook::take_alarm(const detect::Alarm& alarm) {
  Record* home = home_of(alarm);
  if (home == nullptr && alarm.severity != detect::Severity::page) return;
  Record& record = home != nullptr ? *home : begin(detect::without_command(alarm.sentence), alarm.since_s);
  last_alarm_s_[record.number] = now_s_;
  if (standing_.insert(alarm.key).second) join(record, alarm);
  if (record.culprit.object.empty() && !alarm.suspects.empty()) locate(record, alarm.suspects, now_s_);
}

// What has stood before goes where it was; everything else where it belongs.
Record* Casebook::home_of(const detect::Alarm& alarm) {
  Record* best = nullptr;
  for (auto& [number, record] : records_) {
    if (!is_recent(record)) continue;
    if (has_key(record, alarm.key) || shares_culprit(record, alarm)) return &record;
    if (std::abs(alarm.since_s - record.first_packet_s) <= kTogether_s) best = &record;
  }
  return best;
}

bool Casebook::is_recent(const Record& record) const {
  return record.open || now_s_ - record.first_packet_s - record.recovered_s.value_or(0) <= kTogether_s;
}

Record& Casebook::begin(const std::string& sentence, double first_packet_s) {
  Record record;
  record.number = ++last_number_;
  record.sentence = sentence;
  record.opened_at_s = now_s_;
  record.first_packet_s = first_packet_s;
  add(record, {first_packet_s, Step::first_packet, "the first affected packet"});
  return records_.emplace(record.number, std::move(record)).first->second;
}

void Casebook::join(Record& record, const detect::Alarm& alarm) {
  const bool known = has_key(record, alarm.key);
  if (!known) record.alarms.push_back(alarm.key);
  if (!known && alarm.since_s < record.first_packet_s) move_first_packet(record, alarm.since_s);
  const double at_s = known ? now_s_ : alarm.raised_s;
  note(record, at_s, known ? Step::alarm_again : Step::detected, detect::without_command(alarm.sentence));
  const double delay_s = std::max(0.0, at_s - record.first_packet_s);
  record.detected_s = std::min(record.detected_s.value_or(delay_s), delay_s);
  add_suspects(record, alarm.suspects);
  if (!alarm.suspects.empty() && is_better(alarm.suspects.front(), record.culprit))
    locate(record, alarm.suspects, at_s);
  record.open = true;
  record.recovered_s.reset();
}

void Casebook::end_alarms(const std::vector<detect::Alarm>& alarms) {
  std::set<std::string> now;
  for (const detect::Alarm& alarm : alarms)
    if (standing_.contains(alarm.key)) now.insert(alarm.key);
  for (const std::string& key : standing_) {
    if (now.contains(key)) continue;
    for (auto& [number, record] : records_)
      if (record.open && has_key(record, key)) note(record, now_s_, Step::alarm_ended, key);
  }
  standing_ = std::move(now);
}

// Also one that a former life left open: nobody knows when its alarms ended, so it
// counts from the first moment of this one.
void Casebook::close_the_quiet() {
  for (auto& [number, record] : records_) {
    if (!record.open) continue;
    const double last_s = last_alarm_s_.try_emplace(number, now_s_).first->second;
    if (now_s_ - last_s < kQuiet_s) continue;
    record.open = false;
    record.recovered_s = std::max(0.0, last_s - record.first_packet_s);
    note(record, last_s, Step::recovered, "no alarm stands any more");
  }
}

void Casebook::note(Record& record, double at_s, Step what, const std::string& text) {
  add(record, {at_s, what, text});
  changed_.insert(record.number);
}

void Casebook::set_service(std::uint64_t number, const std::string& service) {
  records_.at(number).service = service;
}

void Casebook::add_traffic(std::uint64_t number, const Series& traffic) {
  merge(records_.at(number).traffic, traffic);
}

const Record* Casebook::find(std::uint64_t number) const {
  const auto found = records_.find(number);
  return found == records_.end() ? nullptr : &found->second;
}

std::size_t Casebook::open() const {
  return static_cast<std::size_t>(
      std::count_if(records_.begin(), records_.end(), [](const auto& each) { return each.second.open; }));
}

}  // namespace steadfast::incident
