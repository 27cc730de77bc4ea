// SPDX-License-Identifier: Apache-2.0
// The fields of what is shown: status, counters, generations, traces. Included by
// api_fields.h alone.
#pragma once

#include "control/api_words.h"

namespace steadfast::api {

void describe(auto& f, Of<AuditStatus> auto& a) {
  f.required("read_back_age_s", a.read_back_age_s);
  f.required("whole_at_s", a.whole_at_s);
  f.required("repairs", a.repairs);
  f.optional("frozen", a.frozen);
}

void describe(auto& f, Of<DoctorReport> auto& d) {
  f.findings(d.findings);
  f.required("generation", d.generation);
  f.required("file", d.file);
  f.optional("examined", d.examined);
}

void describe(auto& f, Of<AuditReport> auto& a) {
  f.findings(a.findings);
  f.required("generation", a.generation);
  f.required("digest", a.digest);
  f.required("tables_digest", a.tables_digest);
  f.required("file", a.file);
  f.required("entries", a.entries);
  f.required("took_ms", a.took_ms);
}

void describe(auto& f, Of<Status> auto& s) {
  f.required("generation", s.generation);
  f.required("digest", s.digest);
  f.required("file", s.file);
  f.required("author", s.author);
  f.required("applied_at", s.applied_at);
  f.required("last_apply_verdict", s.last_apply_verdict);
  f.required("engine", s.engine);
  f.required("xdp_mode", s.xdp_mode);
  f.required("interfaces", s.interfaces);
  f.required("uptime_s", s.uptime_s);
  f.required("slot", s.slot);
  f.required("timer_alive", s.timer_alive);
  f.optional("timer_restarts", s.timer_restarts);
  f.optional("fallbacks", s.fallbacks);
  f.required("confirmed", s.confirmed);
  f.optional("pending", s.pending);
  f.required("alerts", s.alerts);
  f.optional("health_frozen", s.health_frozen);
  f.optional("health_frozen_s", s.health_frozen_s);
  f.required("unresolved_next_hops", s.unresolved_next_hops);
  f.required("memory_bytes", s.memory_bytes);
  f.optional("history_bytes", s.history_bytes);
  f.optional("tables_digest", s.tables_digest);
  f.optional("audit", s.audit);
  f.optional("incidents", s.incidents);
}

void describe(auto& f, Of<Count> auto& c) {
  f.required("packets", c.packets);
  f.required("bytes", c.bytes);
}

void describe(auto& f, Of<ServiceSnapshot> auto& s) {
  const Count seen = report::all(s.verdicts);
  f.required("name", s.name);
  f.required("endpoint", s.endpoint);
  f.required("pool", s.pool);
  f.required("forward", s.forward);
  f.required("state", s.state);
  f.required("id", s.id);
  f.required("ring_entries", s.ring_entries);
  f.derived("packets", seen.packets);
  f.derived("bytes", seen.bytes);
  f.derived("dropped", report::dropped(s.verdicts).packets);
  f.keyed("verdicts", s.verdicts, kVerdictLabels);
  f.place("line", "column", s.place);
}

void describe(auto& f, Of<BackendHealth> auto& h) {
  f.required("state", h.state);
  f.required("reason", h.reason);
  f.optional("detail", h.detail);
  f.required("since_s", h.since_s);
  f.required("serving", h.serving);
  f.required("share", h.share);
  f.optional("outcome", h.outcome);
  f.optional("outcome_detail", h.outcome_detail);
  f.optional("probe_s", h.probe_s);
  f.optional("fault", h.fault);
  f.optional("stranger", h.stranger);
  f.optional("flows_left", h.flows_left);
  f.optional("quiet_in_s", h.quiet_in_s);
  f.required("completion", h.completion);
}

void describe(auto& f, Of<PoolHealth> auto& p) {
  f.required("active", p.active);
  f.required("healthy", p.healthy);
  f.required("serving", p.serving);
  f.required("needed", p.needed);
  f.required("on_floor", p.on_floor);
}

void describe(auto& f, Of<BackendSnapshot> auto& b) {
  f.required("service", b.service);
  f.required("pool", b.pool);
  f.required("name", b.name);
  f.required("address", b.address);
  f.required("state", b.state);
  f.required("id", b.id);
  f.required("weight", b.weight);
  f.required("ring_share", b.ring_share);
  f.required("next_hop", b.next_hop);
  f.required("next_hop_resolved", b.next_hop_resolved);
  f.required("packets", b.packets);
  f.required("bytes", b.bytes);
  f.required("new_flows", b.new_flows);
  f.required("established", b.established);
  f.required("syn_retransmissions", b.syn_retransmissions);
  f.optional("retried", b.retried);
  f.required("midflow", b.midflow);
  f.required("untracked", b.untracked);
  f.required("flows", b.flows);
  f.optional("health", b.health);
  f.place("line", "column", b.place);
}

void describe(auto& f, Of<report::PoolSummary> auto& p) {
  f.required("name", p.name);
  f.required("services", p.services);
  f.required("backends", p.backends);
  f.required("active", p.active);
  f.required("drain", p.drain);
  f.required("disabled", p.disabled);
  f.required("weight", p.weight);
  f.required("flows", p.flows);
  f.required("packets", p.packets);
  f.required("bytes", p.bytes);
  f.optional("health", p.health);
}

void describe(auto& f, Of<report::BackendFlows> auto& b) {
  f.required("service", b.service);
  f.required("pool", b.pool);
  f.required("backend", b.backend);
  f.required("state", b.state);
  f.required("flows", b.flows);
}

void describe(auto& f, Of<report::Drop> auto& d) {
  f.coded("scope", d.scope, kScopes);
  f.required("service", d.service);
  f.coded("verdict", d.verdict, kVerdictLabels);
  f.derived("kind", report::label(report::kind(d.verdict)));
  f.required("packets", d.count.packets);
  f.required("bytes", d.count.bytes);
  f.derived("help", report::help(d.verdict));
}

void describe_head(auto& f, auto& view) {
  f.required("generation", view.generation);
  f.required("time_s", view.time_s);
}

void describe(auto& f, Of<report::ServicesView> auto& v) {
  describe_head(f, v);
  f.required("services", v.services);
}

void describe(auto& f, Of<report::PoolsView> auto& v) {
  describe_head(f, v);
  f.required("pools", v.pools);
}

void describe(auto& f, Of<report::ServiceFlows> auto& s) {
  f.required("service", s.service);
  f.required("new_flows", s.new_flows);
}

void describe(auto& f, Of<report::BackendsView> auto& v) {
  describe_head(f, v);
  f.required("backends", v.backends);
  f.optional("all", v.all);
  f.optional("services", v.services);
}

void describe(auto& f, Of<report::FlowsView> auto& v) {
  describe_head(f, v);
  f.required("capacity", v.table.capacity);
  f.required("size_bytes", v.table.bytes);
  f.derived("used", v.table.used());
  f.required("half_open", v.table.half_open);
  f.required("established", v.table.established);
  f.required("closing", v.table.closing);
  f.required("backends", v.backends);
}

void describe(auto& f, Of<report::DropsView> auto& v) {
  describe_head(f, v);
  f.required("drops", v.drops);
}

void describe(auto& f, Of<report::LiveDrop> auto& d) {
  f.required("time_s", d.time_s);
  f.coded("verdict", d.verdict, kVerdictLabels);
  f.required("service", d.service);
  f.required("interface", d.interface);
  f.required("queue", d.queue);
  f.required("cpu", d.cpu);
  f.required("frame_bytes", d.frame_bytes);
  f.derived("packet", report::packet_words(d));
  f.required("bytes", d.bytes);
}

void describe(auto& f, Of<report::DropLine> auto& l) {
  f.optional("drop", l.drop);
  f.required("missed", l.missed);
}

void describe(auto& f, Of<HistoryLine> auto& l) {
  f.required("name", l.name);
  f.required("values", l.values);
}

void describe(auto& f, Of<HistoryMark> auto& m) {
  f.required("at_s", m.at_s);
  f.required("generation", m.generation);
  f.required("what", m.what);
  f.required("author", m.author);
  f.required("reason", m.reason);
}

void describe(auto& f, Of<HistoryAnswer> auto& h) {
  f.required("step_s", h.step_s);
  f.required("from_s", h.from_s);
  f.required("series", h.series);
  f.required("marks", h.marks);
}

void describe(auto& f, Of<RunningConfig> auto& c) {
  f.required("file", c.file);
  f.required("text", c.text);
}

void describe(auto& f, Of<GenerationText> auto& g) {
  f.required("number", g.number);
  f.required("text", g.text);
}

void describe(auto& f, Of<GenerationInfo> auto& g) {
  f.required("number", g.number);
  f.required("outcome", g.outcome);
  f.required("time", g.time);
  f.required("author", g.author);
  f.required("reason", g.reason);
  f.required("file", g.file);
  f.required("digest", g.digest);
  f.required("accepted", g.accepted);
  f.optional("confirmed_by", g.confirmed_by);
  f.optional("ended_because", g.ended_because);
}

void describe(auto& f, Of<Diff> auto& d) {
  f.required("before", d.before);
  f.required("after", d.after);
  f.required("before_file", d.before_file);
  f.required("after_file", d.after_file);
  f.required("objects", d.objects);
}

void describe(auto& f, Of<Blame> auto& b) {
  f.required("object", b.object);
  f.required("file", b.file);
  f.place("line", "column", b.place);
  f.required("change", b.change);
  f.required("generation", b.by);
  f.required("older", b.older);
}

void describe(auto& f, Of<Generations> auto& g) { f.required("generations", g.generations); }

void describe(auto& f, Of<TraceAnswer> auto& a) {
  f.coded("verdict", a.decision.verdict, kVerdictLabels);
  f.derived("kind", report::label(report::kind(static_cast<sf_verdict>(a.decision.verdict))));
  f.required("service", a.service);
  f.required("pool", a.pool);
  f.required("backend", a.backend);
  f.required("backend_address", a.backend_address);
  f.required("forward", a.forward);
  f.required("next_hop", a.next_hop);
  f.coded("flow", a.decision.role, kRoleLabels);
  f.required("ring_entry", a.decision.ring_entry);
  f.required("ring_entries", a.ring_entries);
  f.required("slot", a.decision.slot);
  f.required("service_id", a.decision.service);
  f.required("backend_id", a.decision.backend);
  f.required("file", a.file);
  f.derived("line", a.backend_place ? a.backend_place.line : a.service_place.line);
  f.place("service_line", "service_column", a.service_place);
  f.place("backend_line", "backend_column", a.backend_place);
  f.required("in", a.in);
  f.required("out", a.out);
}

void describe(auto& f, Of<TraceReply> auto& r) {
  f.required("answers", r.answers);
  f.keyed("verdicts", r.verdicts, kVerdictLabels);
}

}  // namespace steadfast::api
