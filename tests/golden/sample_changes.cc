// SPDX-License-Identifier: Apache-2.0
// Changes of the one balancer that every golden file shows.
#include "tests/golden/sample.h"

namespace steadfast::sample {

Status pending_status() {
  Status pending = status();
  pending.generation = 8;
  pending.confirmed = 7;
  pending.last_apply_verdict = "pending";
  pending.pending = canary();
  return pending;
}

Status alarmed_status() {
  Status alarmed = status();
  alarmed.timer_alive = false;
  alarmed.timer_restarts = 2;
  alarmed.fallbacks = 1;
  alarmed.confirmed = 7;
  alarmed.alerts = {
      "generation 8 crashed the daemon twice within 60 s: generation 7 runs again",
      "SF910 pool/messaging: pool \"messaging\" runs on its floor: 1 of 1 backends fail, and 1 must stay"};
  alarmed.health_frozen = "all-fail";
  alarmed.health_frozen_s = 75;
  return alarmed;
}

PendingChange canary() {
  PendingChange pending;
  pending.generation = 8;
  pending.previous = 7;
  pending.author = "carol";
  pending.reason = "CHG-1240";
  pending.seconds_left = 18.2;
  pending.share = 0.05;
  pending.stage = 1;
  pending.stages = 2;
  return pending;
}

std::vector<GenerationInfo> generations() {
  GenerationInfo first;
  first.number = 6;
  first.digest = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
  first.author = "bob";
  first.file = "/etc/steadfast/edge.toml";
  first.time = "2025-12-31T23:00:00Z";
  first.outcome = "replaced";
  GenerationInfo second;
  second.number = 7;
  second.digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  second.author = "alice";
  second.reason = "CHG-1234";
  second.file = "/etc/steadfast/edge.toml";
  second.time = "2026-01-01T00:00:00Z";
  second.outcome = "running";
  second.accepted = {"SF207:backend/messaging/msg-03"};
  GenerationInfo third;
  third.number = 8;
  third.digest = "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9";
  third.author = "carol";
  third.reason = "CHG-1240";
  third.file = "/etc/steadfast/edge.toml";
  third.time = "2026-01-02T00:00:00Z";
  third.outcome = "rolled-back";
  third.ended_because = "nobody confirmed it within 60 s";
  return {first, second, third};
}

Diff diff() {
  Diff diff;
  diff.before = 6;
  diff.after = 7;
  diff.before_file = diff.after_file = "/etc/steadfast/edge.toml";
  diff.objects = {
      {ChangeKind::changed, "pool/messaging", {33, 1}, {35, 1}, {{"min_healthy", "", "\"50%\""}}},
      {ChangeKind::changed,
       "backend/messaging/msg-03",
       {50, 1},
       {53, 1},
       {{"address", "\"10.0.2.12\"", "\"10.0.3.12\""}, {"weight", "100", "50"}}},
      {ChangeKind::added, "backend/messaging/msg-04", {}, {58, 1}, {}},
      {ChangeKind::removed, "service/dns", {28, 1}, {}, {}},
  };
  return diff;
}

Diff no_difference() {
  Diff diff;
  diff.before = 7;
  diff.before_file = "/etc/steadfast/edge.toml";
  diff.after_file = "next.toml";
  return diff;
}

Blame blame() {
  return {"backend/messaging/msg-03", "/etc/steadfast/edge.toml", {53, 1},
          diff().objects[1],          generations()[1],           false};
}

Blame blame_of_the_oldest() {
  return {"pool/messaging", "/etc/steadfast/edge.toml", {35, 1}, {}, generations()[0], true};
}

Blame blame_of_the_removed() {
  return {"service/dns", "/etc/steadfast/edge.toml", {}, diff().objects[3], generations()[1], false};
}

Outcome refused() {
  Finding finding;
  finding.code = "SF201";
  finding.severity = Severity::error;
  finding.message = "service \"web\" and service \"messaging\" are both tcp 192.0.2.10:443";
  finding.file = "/etc/steadfast/edge.toml";
  finding.place = {30, 7};
  finding.object = "service/web";
  finding.fix = "give one of them another address, protocol or port";
  finding.related = {{{20, 7}, "first defined here"}};
  Outcome outcome;
  outcome.ending = Ending::refused;
  outcome.generation = 7;
  outcome.findings = {finding};
  outcome.check_ms = 1.5;
  outcome.total_ms = 1.5;
  return outcome;
}

Outcome applied() {
  Outcome outcome;
  outcome.ending = Ending::applied;
  outcome.generation = 8;
  outcome.tests_played = 12;
  outcome.check_ms = 1.5;
  outcome.compile_ms = 0.5;
  outcome.write_ms = 2.25;
  outcome.test_ms = 3;
  outcome.flip_us = 0.4;
  outcome.total_ms = 7.5;
  return outcome;
}

Outcome pending() {
  Outcome outcome = applied();
  outcome.ending = Ending::pending;
  outcome.pending = canary();
  outcome.pending->share = 1;
  outcome.pending->stage = outcome.pending->stages = 0;
  outcome.pending->seconds_left = 60;
  return outcome;
}

Outcome failed_tests() {
  Outcome outcome;
  outcome.ending = Ending::refused;
  outcome.generation = 7;
  outcome.tests_played = 12;
  rehearsal::TestResult test;
  test.name = "losing a rack";
  test.file = "edge.test.toml";
  test.place = {6, 1};
  test.packet = "tcp 203.0.113.7:* > 192.0.2.10:443 syn";
  test.service = "messaging";
  test.mismatches = {{"max_share", "at most 20%", "30.1% (backend/messaging/msg-03)"}};
  rehearsal::TestResult probe;
  probe.name = "messaging";
  probe.packet = "tcp 203.0.113.7:40000 > 192.0.2.10:443 syn";
  probe.mismatches = {{"verdict", "forwarded", "no_next_hop"}};
  outcome.tests.results = {test, probe};
  return outcome;
}

}  // namespace steadfast::sample
