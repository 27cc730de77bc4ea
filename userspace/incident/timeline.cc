// SPDX-License-Identifier: Apache-2.0
#include "incident/timeline.h"

#include <algorithm>
#include <cmath>

namespace steadfast::incident {
namespace {

std::string place_of(const detect::Suspect& suspect) {
  if (suspect.file.empty()) return "";
  return " at " + suspect.file + (suspect.place ? ":" + std::to_string(suspect.place.line) : "");
}

std::string describe(const detect::Suspect& suspect) {
  std::string text = suspect.object + place_of(suspect);
  if (suspect.generation != 0) text += ", generation " + std::to_string(suspect.generation);
  if (!suspect.author.empty()) text += " by " + suspect.author;
  return suspect.evidence.empty() ? text : text + ": " + suspect.evidence;
}

Line& line_named(Series& series, const std::string& name) {
  for (Line& line : series.lines)
    if (line.name == name) return line;
  return series.lines.emplace_back(Line{name, {}});
}

}  // namespace

void add(Record& record, Entry entry) {
  if (record.timeline.size() >= kEntriesKept) return;
  const auto after = std::upper_bound(record.timeline.begin(), record.timeline.end(), entry,
                                      [](const Entry& a, const Entry& b) { return a.at_s < b.at_s; });
  record.timeline.insert(after, std::move(entry));
}

void locate(Record& record, const std::vector<detect::Suspect>& suspects, double at_s) {
  record.culprit = suspects.front();
  if (record.suspects.empty()) record.suspects = suspects;
  if (!record.located_s) record.located_s = std::max(0.0, at_s - record.first_packet_s);
  add(record, {at_s, Step::located, describe(record.culprit)});
}

void move_first_packet(Record& record, double first_packet_s) {
  const double longer_s = record.first_packet_s - first_packet_s;
  for (std::optional<double>* delay :
       {&record.detected_s, &record.located_s, &record.undone_s, &record.recovered_s})
    if (*delay) **delay += longer_s;
  record.first_packet_s = first_packet_s;
  for (Entry& entry : record.timeline)
    if (entry.what == Step::first_packet) entry.at_s = first_packet_s;
  std::stable_sort(record.timeline.begin(), record.timeline.end(),
                   [](const Entry& a, const Entry& b) { return a.at_s < b.at_s; });
}

void merge(Series& series, const Series& newer) {
  if (newer.empty()) return;
  if (series.empty()) series = Series{newer.step_s, newer.from_s, {}};
  const auto shift =
      static_cast<std::ptrdiff_t>(std::llround((newer.from_s - series.from_s) / series.step_s));
  for (const Line& line : newer.lines) {
    auto& values = line_named(series, line.name).values;
    for (std::size_t i = 0; i < line.values.size(); ++i) {
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(i) + shift;
      if (!line.values[i] || at < 0 || at >= static_cast<std::ptrdiff_t>(kValuesKept)) continue;
      if (values.size() <= static_cast<std::size_t>(at)) values.resize(static_cast<std::size_t>(at) + 1);
      values[static_cast<std::size_t>(at)] = line.values[i];
    }
  }
}

}  // namespace steadfast::incident
