// SPDX-License-Identifier: Apache-2.0
// The fields of alarms and incidents. Included by api_fields.h alone.
#pragma once

#include "control/api_words.h"

namespace steadfast::api {

void describe(auto& f, Of<detect::Suspect> auto& s) {
  f.required("object", s.object);
  f.required("weight", s.weight);
  f.required("evidence", s.evidence);
  f.required("generation", s.generation);
  f.required("author", s.author);
  f.required("file", s.file);
  f.place("line", "column", s.place);
  f.required("command", s.command);
}

void describe(auto& f, Of<detect::Alarm> auto& a) {
  f.required("key", a.key);
  f.required("detector", a.detector);
  f.coded("severity", a.severity, kSeverities);
  f.required("object", a.object);
  f.required("verdict", a.verdict);
  f.required("share", a.share);
  f.required("since_s", a.since_s);
  f.required("raised_s", a.raised_s);
  f.required("rolls_back", a.rolls_back);
  f.required("sentence", a.sentence);
  f.required("suspects", a.suspects);
}

void describe(auto& f, Of<Alerts> auto& a) { f.required("alerts", a.alerts); }

void describe(auto& f, Of<incident::Entry> auto& e) {
  f.required("at_s", e.at_s);
  f.coded("what", e.what, incident::kStepNames);
  f.required("text", e.text);
}

void describe(auto& f, Of<incident::Line> auto& l) {
  f.required("name", l.name);
  f.required("values", l.values);
}

void describe(auto& f, Of<incident::Series> auto& s) {
  f.required("step_s", s.step_s);
  f.required("from_s", s.from_s);
  f.required("lines", s.lines);
}

void describe(auto& f, Of<incident::Record> auto& r) {
  f.required("number", r.number);
  f.required("open", r.open);
  f.required("sentence", r.sentence);
  f.required("opened_at_s", r.opened_at_s);
  f.required("first_packet_s", r.first_packet_s);
  f.nullable("detected_s", r.detected_s);
  f.nullable("located_s", r.located_s);
  f.nullable("undone_s", r.undone_s);
  f.nullable("recovered_s", r.recovered_s);
  f.required("culprit", r.culprit);
  f.required("suspects", r.suspects);
  f.required("timeline", r.timeline);
  f.required("alarms", r.alarms);
  f.required("service", r.service);
  f.optional("traffic", r.traffic);
}

void describe(auto& f, Of<IncidentList> auto& l) {
  f.required("incidents", l.incidents);
  f.required("damaged", l.damaged);
}

void describe(auto& f, Of<Deliveries> auto& d) {
  f.required("receiver", d.receiver);
  f.required("sent", d.sent);
  f.required("failed", d.failed);
}

void describe(auto& f, Of<IncidentStatus> auto& s) {
  f.required("open", s.open);
  f.required("total", s.total);
  f.optional("deliveries", s.deliveries);
}

}  // namespace steadfast::api
