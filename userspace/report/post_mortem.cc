// SPDX-License-Identifier: Apache-2.0
#include "report/incident_screen.h"
#include "report/incident_words.h"
#include "report/quantity.h"
#include "report/words.h"

namespace steadfast::report {
namespace {

using detect::Suspect;
using incident::Record;

// A bar in a cell would begin another one.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c == '\n' ? ' ' : c);
  return or_dash(out);
}

std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& each : cells) text += " " + cell(each) + " |";
  return text + "\n";
}

std::string code(const std::string& text) { return text.empty() ? "" : "`" + text + "`"; }

std::string summary(const Record& record) {
  std::string text = "| after the first affected packet | |\n|---|---|\n";
  text += row({"detected", delay(record.detected_s)});
  text += row({"located", delay(record.located_s)});
  text += row({"undone", delay(record.undone_s)});
  return text + row({"recovered", record.open ? "not yet" : delay(record.recovered_s)});
}

std::string cause(const Record& record) {
  const Suspect& culprit = record.culprit;
  if (culprit.object.empty()) return "Nobody knows yet.\n";
  std::string text = "- Object: " + code(culprit.object) + "\n";
  if (!culprit.file.empty()) text += "- Place: " + code(place(culprit)) + "\n";
  if (culprit.generation != 0) text += "- Brought by: " + origin(culprit) + "\n";
  if (!culprit.evidence.empty()) text += "- Evidence: " + culprit.evidence + "\n";
  if (!culprit.command.empty()) text += "- What to type: " + code(culprit.command) + "\n";
  return text;
}

std::string timeline(const Record& record) {
  std::string text = "| time (UTC) | after | step | what |\n|---|---:|---|---|\n";
  for (const incident::Entry& entry : record.timeline)
    text += row({moment(entry.at_s), delay(entry.at_s - record.first_packet_s), std::string(name(entry.what)),
                 entry.text});
  return text;
}

std::string suspects(const Record& record) {
  if (record.suspects.empty()) return "";
  std::string text =
      "\n## Suspects\n\n| object | weight | place | origin | evidence |\n|---|---:|---|---|---|\n";
  for (const Suspect& suspect : record.suspects)
    text += row({code(suspect.object), percent(suspect.weight), code(place(suspect)), origin(suspect),
                 suspect.evidence});
  return text;
}

std::string traffic(const Record& record, const std::string& picture) {
  if (picture.empty()) return "";
  const std::string of = record.service.empty() ? "the whole host" : "service " + record.service;
  return "\n## Traffic\n\n![Packets and drops of " + of + " around the incident](" + picture + ")\n";
}

// What only people know.
constexpr char kQuestions[] =
    "\n## To be written\n\n"
    "- Who was affected, and how did they see it?\n"
    "- Why could the cause get this far? Which check, test or gate would have refused it?\n"
    "- What will be changed, by whom, until when?\n";

}  // namespace

std::string post_mortem(const Record& record, const std::string& picture) {
  return "# Incident " + count(record.number) + ": post-mortem draft\n\n" + record.sentence + "\n\n" +
         "First affected packet: " + moment(record.first_packet_s) + ". State: " + state(record) + ".\n\n" +
         summary(record) + "\n## Cause\n\n" + cause(record) + "\n## Timeline\n\n" + timeline(record) +
         suspects(record) + traffic(record, picture) + kQuestions;
}

}  // namespace steadfast::report
