// SPDX-License-Identifier: Apache-2.0
// Casebook: incidents as they happen. A page begins one, or joins one that it belongs
// to: the same culprit, or a first packet within the same minute. A pending change
// that was taken back is one even if no alarm ever stood.
//
// Must not enter: clocks, files, the balancer.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "incident/moment.h"
#include "incident/record.h"

namespace steadfast::incident {

// What begins so soon after something else belongs to it.
inline constexpr double kTogether_s = 60;
// An incident is over when no alarm of it has stood for so long: a daemon that has just
// started needs as much to see again what it saw before.
inline constexpr double kQuiet_s = 5;

class Casebook {
 public:
  // `kept`: records of former lives. `last_number`: the highest that was ever given.
  // `before`: the generations as the life before this one left them.
  Casebook(std::vector<Record> kept, std::uint64_t last_number, const std::vector<GenerationSeen>& before);

  // Numbers of the records that are not as they were.
  std::set<std::uint64_t> take(const Moment& moment);
  void set_service(std::uint64_t number, const std::string& service);
  void add_traffic(std::uint64_t number, const Series& traffic);
  void forget(std::uint64_t number) { records_.erase(number); }

  const std::map<std::uint64_t, Record>& records() const { return records_; }
  const Record* find(std::uint64_t number) const;
  std::size_t open() const;
  std::uint64_t last_number() const { return last_number_; }

 private:
  void take_alarm(const detect::Alarm& alarm);
  void take_ending(const GenerationSeen& generation, const std::string& before);
  void take_generations(const std::vector<GenerationSeen>& generations);
  void take_out(const std::vector<BackendOut>& out);
  void take_repairs(const std::vector<std::string>& repairs);
  void renew_commands();
  void renew(detect::Suspect& suspect, Record& record);
  void end_alarms(const std::vector<detect::Alarm>& alarms);
  void close_the_quiet();

  Record& begin(const std::string& sentence, double first_packet_s);
  Record* home_of(const detect::Alarm& alarm);
  Record* home_of(const GenerationSeen& generation);
  double live_since(const GenerationSeen& generation, const std::string& before) const;
  bool is_recent(const Record& record) const;
  void join(Record& record, const detect::Alarm& alarm);
  void note(Record& record, double at_s, Step what, const std::string& text);
  void undo(Record& record, Step what, double at_s, const std::string& text);

  std::map<std::uint64_t, Record> records_;
  std::uint64_t last_number_ = 0;
  double now_s_ = 0;
  bool began_ = false;
  std::set<std::uint64_t> changed_;
  std::map<std::uint64_t, std::string> outcomes_;  // by generation, as they were seen last
  std::map<std::uint64_t, double> live_since_;     // of pending generations
  std::map<std::uint64_t, double> last_alarm_s_;   // by record: when one of its alarms last stood
  std::set<std::string> standing_;                 // keys
};

}  // namespace steadfast::incident
