// SPDX-License-Identifier: Apache-2.0
#include "report/incident_screen.h"

#include "report/facts.h"
#include "report/incident_words.h"
#include "report/quantity.h"
#include "report/table.h"
#include "report/words.h"

namespace steadfast::report {
namespace {

using incident::Record;

Colour colour_of(const Record& record) { return record.open ? Colour::red : Colour::none; }

std::string suspects_table(const std::vector<detect::Suspect>& suspects, bool colour) {
  Table table({"SUSPECT", "WEIGHT", "PLACE", "ORIGIN", "EVIDENCE", "COMMAND"});
  for (const detect::Suspect& suspect : suspects)
    table.add({suspect.object, Cell::number(percent(suspect.weight)), or_dash(place(suspect)),
               or_dash(origin(suspect)), or_dash(suspect.evidence), or_dash(suspect.command)});
  return table.empty() ? "" : "\n" + table.text(colour);
}

std::string timeline_table(const Record& record, bool colour) {
  Table table({"TIME", "AFTER", "STEP", "WHAT"});
  for (const incident::Entry& entry : record.timeline)
    table.add({moment(entry.at_s), Cell::number(delay(entry.at_s - record.first_packet_s)),
               std::string(name(entry.what)), entry.text});
  return table.empty() ? "" : "\n" + table.text(colour);
}

}  // namespace

std::string incidents_screen(const std::vector<Record>& incidents, const std::vector<std::string>& damaged,
                             bool colour) {
  Table table(
      {"INCIDENT", "STATE", "FIRST PACKET", "DETECTED", "LOCATED", "UNDONE", "RECOVERED", "CULPRIT", "WHAT"});
  for (const Record& record : incidents)
    table.add({Cell::number(count(record.number)),
               {state(record), colour_of(record)},
               moment(record.first_packet_s),
               Cell::number(delay(record.detected_s)),
               Cell::number(delay(record.located_s)),
               Cell::number(delay(record.undone_s)),
               Cell::number(delay(record.recovered_s)),
               or_dash(record.culprit.object),
               record.sentence});
  std::string text = table.empty() ? "there was no incident\n" : table.text(colour);
  for (const std::string& sentence : damaged) text += paint(sentence, Colour::red, colour) + "\n";
  return text;
}

std::string incident_screen(const Record& record, bool colour) {
  Facts facts(colour);
  facts.add("incident", count(record.number) + ", " + state(record), colour_of(record));
  facts.add("what", record.sentence, Colour::bold);
  facts.add("culprit", record.culprit.object.empty() ? "nobody knows" : record.culprit.object);
  facts.add("stands at", place(record.culprit));
  facts.add("brought by", origin(record.culprit));
  facts.add("evidence", record.culprit.evidence);
  facts.add("type", record.culprit.command, Colour::green);
  facts.add("first packet", moment(record.first_packet_s));
  facts.add("detected", delay(record.detected_s));
  facts.add("located", delay(record.located_s));
  facts.add("undone", delay(record.undone_s));
  facts.add("recovered", delay(record.recovered_s));
  return facts.text() + suspects_table(record.suspects, colour) + timeline_table(record, colour);
}

}  // namespace steadfast::report
