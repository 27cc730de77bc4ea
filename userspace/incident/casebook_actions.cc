// SPDX-License-Identifier: Apache-2.0
// Casebook: what was done about an incident, and changes that were taken back.
#include <algorithm>
#include <utility>

#include "detect/going_back.h"
#include "incident/casebook.h"
#include "incident/timeline.h"
#include "journal/journal.h"

namespace steadfast::incident {
namespace {

// The journal and the alarms are looked at one after the other.
constexpr double kSlack_s = 1;

// What is undone needs no command any more, only a look at what it had changed.
std::string look_at(std::uint64_t generation) { return "steadfast diff " + std::to_string(generation); }

std::string command_against(std::uint64_t generation, const std::string& became) {
  if (became == outcome::kPending) return std::string(detect::kCancel);
  if (became == outcome::kRunning) return std::string(detect::kRollback);
  if (became == outcome::kReplaced) return std::string(detect::kHistory);
  return look_at(generation);
}

detect::Suspect culprit_of(const GenerationSeen& generation) {
  detect::Suspect culprit;
  culprit.object = "generation/" + std::to_string(generation.number);
  culprit.weight = 1;
  culprit.evidence = generation.because;
  culprit.generation = generation.number;
  culprit.author = generation.author;
  culprit.file = generation.file;
  culprit.command = look_at(generation.number);
  return culprit;
}

bool has(const Record& record, Step what, const std::string& text) {
  return std::any_of(record.timeline.begin(), record.timeline.end(),
                     [&](const Entry& entry) { return entry.what == what && entry.text == text; });
}

}  // namespace

void Casebook::take_generations(const std::vector<GenerationSeen>& generations) {
  for (const GenerationSeen& generation : generations) {
    std::string& seen = outcomes_[generation.number];
    if (seen == generation.outcome) continue;
    const std::string before = std::exchange(seen, generation.outcome);
    if (generation.outcome == outcome::kPending) live_since_.try_emplace(generation.number, now_s_);
    take_ending(generation, before);
    if (generation.outcome != outcome::kPending) live_since_.erase(generation.number);
  }
  if (!generations.empty())
    std::erase_if(outcomes_, [&](const auto& each) { return each.first < generations.front().number; });
}

// Taken back before it was confirmed, or because it brought the daemon down: an
// incident of its own when it belongs to none. What an operator ends by hand only
// undoes one.
void Casebook::take_ending(const GenerationSeen& generation, const std::string& before) {
  const bool rolled_back = generation.outcome == outcome::kRolledBack;
  const bool cancelled = generation.outcome == outcome::kCancelled;
  if (!rolled_back && !cancelled && generation.outcome != outcome::kReplaced) return;
  const std::string text = "generation " + std::to_string(generation.number) +
                           (rolled_back ? " was rolled back"
                            : cancelled ? " was cancelled"
                                        : " was replaced") +
                           (generation.because.empty() ? "" : ": " + generation.because);
  const Step what = rolled_back ? Step::rolled_back : cancelled ? Step::cancelled : Step::replaced;
  if (Record* home = home_of(generation)) return undo(*home, what, now_s_, text);
  if (!rolled_back || (before == outcome::kRunning && began_)) return;
  Record& record = begin(text, live_since(generation, before));
  record.detected_s = now_s_ - record.first_packet_s;
  locate(record, {culprit_of(generation)}, now_s_);
  undo(record, what, now_s_, text);
  record.recovered_s = record.undone_s;
}

// An alarm says what was right when it began.
void Casebook::renew(detect::Suspect& suspect, Record& record) {
  const auto became = outcomes_.find(suspect.generation);
  if (became == outcomes_.end() || !detect::is_going_back(suspect.command)) return;
  // Whoever rolls back while another one is pending ends that one.
  const bool is_covered = became->second == outcome::kRunning &&
                          std::any_of(outcomes_.begin(), outcomes_.end(),
                                      [](const auto& each) { return each.second == outcome::kPending; });
  const std::string command =
      is_covered ? std::string(detect::kHistory) : command_against(suspect.generation, became->second);
  if (command == suspect.command) return;
  suspect.command = command;
  changed_.insert(record.number);
}

void Casebook::renew_commands() {
  for (auto& [number, record] : records_) {
    renew(record.culprit, record);
    for (detect::Suspect& suspect : record.suspects) renew(suspect, record);
  }
}

// While no daemon lived, the journal's word must do; and a confirmed one did nobody
// harm before it brought the daemon down.
double Casebook::live_since(const GenerationSeen& generation, const std::string& before) const {
  const auto live = live_since_.find(generation.number);
  if (live != live_since_.end()) return live->second;
  return before == outcome::kRunning ? now_s_ : generation.made_s;
}

// One that blames it; or one that began after it went live, while it was pending.
Record* Casebook::home_of(const GenerationSeen& generation) {
  const auto live = live_since_.find(generation.number);
  Record* best = nullptr;
  for (auto& [number, record] : records_) {
    if (!is_recent(record)) continue;
    if (record.culprit.generation == generation.number) return &record;
    if (live != live_since_.end() && record.first_packet_s >= live->second - kSlack_s) best = &record;
  }
  return best;
}

void Casebook::take_out(const std::vector<BackendOut>& out) {
  for (auto& [number, record] : records_) {
    if (!record.open) continue;
    for (const BackendOut& backend : out) {
      const std::string text = backend.object + " gets no new flows: " + backend.why;
      if (backend.at_s < record.first_packet_s - kSlack_s || has(record, Step::ejected, text)) continue;
      if (backend.object == record.culprit.object)
        undo(record, Step::ejected, backend.at_s, text);
      else
        note(record, backend.at_s, Step::ejected, text);
    }
  }
}

// Where no generation is to blame, putting right what somebody changed undoes it.
void Casebook::take_repairs(const std::vector<std::string>& repairs) {
  for (auto& [number, record] : records_) {
    if (!record.open) continue;
    for (const std::string& repair : repairs)
      if (record.culprit.generation == 0)
        undo(record, Step::repaired, now_s_, repair);
      else
        note(record, now_s_, Step::repaired, repair);
  }
}

void Casebook::undo(Record& record, Step what, double at_s, const std::string& text) {
  note(record, at_s, what, text);
  if (!record.undone_s) record.undone_s = std::max(0.0, at_s - record.first_packet_s);
}

}  // namespace steadfast::incident
