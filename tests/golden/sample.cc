// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/sample.h"

namespace steadfast::sample {
namespace {

ServiceSnapshot messaging() {
  ServiceSnapshot service;
  service.name = "messaging";
  service.endpoint = "tcp 192.0.2.10:443";
  service.pool = "messaging";
  service.forward = "ipip";
  service.state = "active";
  service.id = 1;
  service.ring_entries = 256;
  service.verdicts[SF_FORWARDED] = {1234567, 987654321};
  service.verdicts[SF_NO_NEXT_HOP] = {42, 2520};
  service.place = {20, 1};
  return service;
}

ServiceSnapshot dns() {
  ServiceSnapshot service;
  service.name = "dns";
  service.endpoint = "udp [2001:db8::1]:53";
  service.pool = "dns";
  service.forward = "l2";
  service.state = "parked";
  service.id = 2;
  service.place = {28, 1};
  return service;
}

BackendSnapshot backend(const char* name, const char* address, const char* state, std::uint32_t weight) {
  BackendSnapshot row;
  row.service = row.pool = "messaging";
  row.name = name;
  row.address = address;
  row.state = state;
  row.weight = weight;
  return row;
}

BackendSnapshot busy() {
  BackendSnapshot row = backend("msg-01", "10.0.2.10", "active", 100);
  row.id = 1;
  row.ring_share = 1;
  row.next_hop = "02:00:00:00:00:01 via eth0";
  row.next_hop_resolved = true;
  row.packets = 1200000;
  row.bytes = 950000000;
  row.new_flows = 4000;
  row.established = 3900;
  row.syn_retransmissions = 7;
  row.midflow = 3;
  row.untracked = 1;
  row.flows = 2500;
  row.place = {41, 1};
  return row;
}

BackendSnapshot draining() {
  BackendSnapshot row = backend("msg-02", "10.0.2.11", "drain", 100);
  row.id = 2;
  row.next_hop = "no neighbour answers";
  row.packets = 34567;
  row.bytes = 37654321;
  row.flows = 12;
  row.place = {46, 1};
  return row;
}

BackendHealth deaf() {
  BackendHealth health;
  health.name = "msg-01";
  health.state = "held";
  health.reason = "floor";
  health.detail = "service \"messaging\": no-answer";
  health.since_s = 42;
  health.outcome = "no-answer";
  health.probe_s = 1;
  health.fault = "SF802: 10.0.2.10:443 does not take in what is sent to 192.0.2.10:443";
  health.completion = 0.25;
  return health;
}

BackendHealth leaving() {
  BackendHealth health;
  health.name = "msg-02";
  health.state = "draining";
  health.reason = "asked";
  health.since_s = 90;
  health.serving = false;
  health.share = 0;
  health.outcome = "passed";
  health.probe_s = 0.0005;
  health.flows_left = 12;
  health.quiet_in_s = 240;
  return health;
}

BackendHealth gone() {
  BackendHealth health;
  health.name = "msg-03";
  health.state = "disabled";
  health.reason = "asked";
  health.since_s = 3600;
  health.serving = false;
  health.share = 0;
  return health;
}

HealthReport health_report() {
  HealthReport report;
  report.pools = {{"messaging", 1, 0, 1, 1, true, {deaf(), leaving(), gone()}}};
  report.figures.probes[static_cast<std::size_t>(health::Outcome::passed)] = 120;
  report.figures.probes[static_cast<std::size_t>(health::Outcome::no_answer)] = 7;
  report.figures.running = 2;
  report.figures.late = 1;
  report.figures.probe_s = 7.5;
  report.figures.published = 3;
  report.figures.publish_s = 0.003;
  report.figures.last_publish_s = 0.001;
  return report;
}

TraceAnswer traced(std::uint32_t verdict) {
  TraceAnswer answer;
  answer.decision.verdict = verdict;
  answer.decision.role = SF_ROLE_NONE;
  answer.in = answer.out = Frame{0x02, 0x00, 0xab, 0xcd};
  answer.file = "/etc/steadfast/edge.toml";
  return answer;
}

}  // namespace

Snapshot snapshot() {
  Snapshot snapshot;
  snapshot.time_s = 1767225600.5;
  snapshot.generation = 7;
  snapshot.host[SF_NOT_SERVICE] = {5000, 300000};
  snapshot.host[SF_TRUNCATED] = {3, 90};
  snapshot.retired[SF_FORWARDED] = {10, 600};
  snapshot.retired[SF_NO_BACKEND] = {4, 240};
  snapshot.services = {messaging(), dns()};
  snapshot.backends = {busy(), draining(), backend("msg-03", "10.0.2.12", "disabled", 50)};
  snapshot.flows = {4000000, 32000000, 100, 2400, 12};
  snapshot.program_runs = 1239626;
  snapshot.program_run_s = 0.25;
  snapshot.clock_s = 86400;
  snapshot.add(health_report());
  return snapshot;
}

Status status() {
  Status status;
  status.generation = 7;
  status.digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  status.file = "/etc/steadfast/edge.toml";
  status.author = "alice";
  status.applied_at = "2026-01-01T00:00:00Z";
  status.last_apply_verdict = "applied";
  status.engine = "kernel";
  status.xdp_mode = "native";
  status.interfaces = {"eth0", "eth1"};
  status.uptime_s = 93784;
  status.slot = 2;
  status.timer_alive = true;
  status.unresolved_next_hops = 1;
  status.memory_bytes = 50331648;
  return status;
}

TraceAnswer forwarded() {
  TraceAnswer answer = traced(SF_FORWARDED);
  answer.decision.role = SF_ROLE_NEW;
  answer.decision.ring_entry = 17;
  answer.decision.service = 1;
  answer.decision.backend = 1;
  answer.out = Frame{0x02, 0x00, 0xab, 0xcd, 0x45, 0x00};
  answer.service = answer.pool = "messaging";
  answer.backend = "msg-01";
  answer.backend_address = "10.0.2.10";
  answer.forward = "ipip";
  answer.next_hop = "02:00:00:00:00:01 via eth0";
  answer.ring_entries = 256;
  answer.service_place = {20, 1};
  answer.backend_place = {41, 1};
  return answer;
}

TraceAnswer dropped() {
  TraceAnswer answer = traced(SF_NO_BACKEND);
  answer.decision.service = 2;
  answer.service = answer.pool = "dns";
  answer.forward = "l2";
  answer.service_place = {28, 1};
  return answer;
}

TraceAnswer passed() { return traced(SF_NOT_SERVICE); }

}  // namespace steadfast::sample
