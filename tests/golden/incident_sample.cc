// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/incident_sample.h"

#include "incident/timeline.h"

namespace steadfast::sample {
namespace {

using incident::Step;

constexpr double kStart_s = 1795399200.25;

detect::Suspect culprit() {
  return {"backend/messaging/msg-03",
          0.87,
          "30 % of its new flows meet no_next_hop",
          47,
          "alice",
          "/etc/steadfast/edge.toml",
          {27, 11},
          "steadfast rollback"};
}

detect::Suspect other() { return {"interface/eth0", 0.05, "link changed 40 s before", 0, "", "", {}, ""}; }

incident::Series traffic() {
  incident::Series series{1, kStart_s - 3.25, {{"packets", {}}, {"dropped-by-configuration", {}}}};
  for (const double packets : {900, 910, 905, 900, 600, 905, 900})
    series.lines[0].values.emplace_back(packets);
  for (const double dropped : {0, 0, 0, 270, 180, 0, 0}) series.lines[1].values.emplace_back(dropped);
  series.lines[0].values[1].reset();
  return series;
}

}  // namespace

detect::Alarm alarm() {
  return {"T1 service/messaging",
          "T1",
          detect::Severity::page,
          "service/messaging",
          "no_next_hop",
          0.3,
          kStart_s,
          kStart_s + 1.4,
          true,
          "service/messaging drops 30 % of its packets (no_next_hop) since generation 47 by alice",
          {culprit(), other()}};
}

incident::Record incident() {
  incident::Record record;
  record.number = 12;
  record.sentence = alarm().sentence;
  record.opened_at_s = kStart_s + 1.5;
  record.first_packet_s = kStart_s;
  record.detected_s = 1.4;
  record.undone_s = 1.6;
  record.recovered_s = 3.2;
  record.alarms = {alarm().key};
  record.service = "messaging";
  record.traffic = traffic();
  incident::add(record, {kStart_s, Step::first_packet, "the first affected packet"});
  incident::add(record, {kStart_s + 1.4, Step::detected, alarm().sentence});
  incident::locate(record, alarm().suspects, kStart_s + 1.4);
  incident::add(record, {kStart_s + 1.6, Step::rolled_back, "generation 47 was rolled back: a|b"});
  incident::add(record, {kStart_s + 3.2, Step::recovered, "no alarm stands any more"});
  return record;
}

incident::Record open_incident() {
  incident::Record record;
  record.number = 13;
  record.open = true;
  record.sentence = "the sum of verdicts is not the packets seen";
  record.opened_at_s = record.first_packet_s = kStart_s + 4000;
  record.detected_s = 0;
  record.alarms = {"T0 sums"};
  incident::add(record, {record.first_packet_s, Step::detected, record.sentence});
  return record;
}

IncidentList incidents() {
  return {{open_incident(), incident()},
          {"the incident record /var/lib/steadfast/incidents/0011.json is damaged: \"number\": is missing"}};
}

}  // namespace steadfast::sample
