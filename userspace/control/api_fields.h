// SPDX-License-Identifier: Apache-2.0
// The fields of every type of the API, each named once for both directions.
//
// Included by api.cc alone.
#pragma once

#include <string>

#include "control/api.h"
#include "control/json_codec.h"
#include "report/changes.h"

namespace steadfast::api {

// A request is strict; a reply may have grown since this was built.
template <typename T>
inline constexpr bool kStrict = false;
template <>
inline constexpr bool kStrict<Change> = true;
template <>
inline constexpr bool kStrict<BackendEdit> = true;
template <>
inline constexpr bool kStrict<RollbackRequest> = true;
template <>
inline constexpr bool kStrict<TraceRequest> = true;
template <>
inline constexpr bool kStrict<ConfirmRequest> = true;
template <>
inline constexpr bool kStrict<ExtendRequest> = true;
template <>
inline constexpr bool kStrict<CancelRequest> = true;
template <>
inline constexpr bool kStrict<TestRequest> = true;

inline constexpr std::string_view kVerdictLabels[] = {
#define X(symbol, value, action, kind, label, help) label,
    SF_VERDICTS(X)
#undef X
};
inline constexpr std::string_view kRoleLabels[] = {
#define X(symbol, label, help) label,
    SF_FLOW_ROLES(X)
#undef X
};
inline constexpr std::string_view kEditKinds[] = {"add", "set", "drain", "undrain", "remove"};

inline const std::array<std::string_view, 6> kEndings{name(Ending::applied),   name(Ending::pending),
                                                      name(Ending::unchanged), name(Ending::refused),
                                                      name(Ending::gated),     name(Ending::failed)};
inline const std::array<std::string_view, 3> kChangeKinds{name(ChangeKind::added), name(ChangeKind::removed),
                                                          name(ChangeKind::changed)};
inline const std::array<std::string_view, 3> kScopes{
    name(report::DropScope::host), name(report::DropScope::service), name(report::DropScope::removed)};

// Written as one word. The Writer and the Reader are there to be found by.
inline std::string word_of(Writer&, const Acceptance& acceptance) { return text(acceptance); }

inline Result<void> from_word(Reader&, std::string_view word, Acceptance& acceptance) {
  auto parsed = parse_acceptance(word);
  if (!parsed) return parsed.error();
  acceptance = *parsed;
  return {};
}

void describe(auto& f, Of<Change> auto& c) {
  f.required("text", c.text);
  f.optional("file", c.file);
  f.optional("sha256", c.sha256);
  f.optional("author", c.author);
  f.optional("reason", c.reason);
  f.optional("accept", c.accepted);
  f.optional("tests", c.tests);
  f.optional("base", c.base);
  f.optional("confirm_s", c.confirmation.within_s);
  f.optional("auto_confirm", c.confirmation.automatic);
  f.optional("canary", c.confirmation.canary);
}

void describe(auto& f, Of<rehearsal::TestText> auto& t) {
  f.required("file", t.file);
  f.required("text", t.text);
}

void describe(auto& f, Of<ChangeBase> auto& b) {
  f.required("generation", b.generation);
  f.required("digest", b.digest);
}

void describe(auto& f, Of<CanaryStage> auto& s) {
  f.required("share", s.share);
  f.required("hold_s", s.hold_s);
}

void describe(auto& f, Of<ConfirmRequest> auto& r) { f.optional("author", r.author); }

void describe(auto& f, Of<ExtendRequest> auto& r) {
  f.required("seconds", r.seconds);
  f.optional("author", r.author);
}

void describe(auto& f, Of<CancelRequest> auto& r) {
  f.optional("author", r.author);
  f.optional("reason", r.reason);
}

void describe(auto& f, Of<TestRequest> auto& r) { f.required("tests", r.tests); }

void describe(auto& f, Of<BackendEdit> auto& e) {
  f.coded("kind", e.kind, kEditKinds);
  f.required("pool", e.pool);
  f.required("name", e.name);
  f.optional("address", e.address);
  f.optional("weight", e.weight);
  f.optional("port", e.port);
  f.optional("author", e.author);
  f.optional("reason", e.reason);
  f.optional("accept", e.accepted);
}

void describe(auto& f, Of<RollbackRequest> auto& r) {
  f.optional("to", r.to);
  f.optional("author", r.author);
  f.optional("reason", r.reason);
}

void describe(auto& f, Of<TraceRequest> auto& r) {
  f.optional("packet", r.packet);
  f.optional("frames", r.frames);
}

void describe(auto& f, Of<Outcome> auto& o) {
  f.coded("verdict", o.ending, kEndings);
  f.required("generation", o.generation);
  f.findings(o.findings);
  f.required("error", o.error);
  f.optional("tests_played", o.tests_played);
  f.optional("failed_tests", o.tests.results);
  f.optional("pending", o.pending);
  f.nested("timings", [&](auto& timings) {
    timings.required("check_ms", o.check_ms);
    timings.required("compile_ms", o.compile_ms);
    timings.required("write_ms", o.write_ms);
    timings.optional("test_ms", o.test_ms);
    timings.required("flip_us", o.flip_us);
    timings.required("total_ms", o.total_ms);
  });
}

void describe(auto& f, Of<PendingChange> auto& p) {
  f.required("generation", p.generation);
  f.required("previous", p.previous);
  f.required("author", p.author);
  f.required("reason", p.reason);
  f.required("seconds_left", p.seconds_left);
  f.required("share", p.share);
  f.required("stage", p.stage);
  f.required("stages", p.stages);
  f.required("automatic", p.automatic);
}

void describe(auto& f, Of<rehearsal::Mismatch> auto& m) {
  f.required("what", m.what);
  f.required("expected", m.expected);
  f.required("got", m.got);
}

void describe(auto& f, Of<rehearsal::TestResult> auto& t) {
  f.required("name", t.name);
  f.required("file", t.file);
  f.place("line", "column", t.place);
  f.required("packet", t.packet);
  f.required("service", t.service);
  f.derived("passed", t.passed());
  f.required("mismatches", t.mismatches);
  f.required("took_ms", t.took_ms);
}

void describe(auto& f, Of<TestReply> auto& r) {
  f.required("tests", r.report.results);
  f.derived("failed", r.report.failed());
}

void describe(auto& f, Of<FieldChange> auto& c) {
  f.required("key", c.key);
  f.required("before", c.before);
  f.required("after", c.after);
}

void describe(auto& f, Of<ObjectChange> auto& c) {
  f.coded("kind", c.kind, kChangeKinds);
  f.required("object", c.object);
  f.place("line_before", "column_before", c.before);
  f.place("line", "column", c.after);
  f.required("fields", c.fields);
}

void describe(auto& f, Of<ServiceMovement> auto& m) {
  f.required("name", m.service);
  f.required("endpoint", m.endpoint);
  f.place("line", "column", m.place);
  f.required("packets_per_s", m.packets_per_s);
  f.optional("serves_now", m.serves_now);
  f.required("moved", m.moved);
  f.required("dropped", m.dropped);
  f.optional("recovered", m.recovered);
}

void describe_capacity(auto& f, auto& c) {
  f.required("weight_before", c.weight_before);
  f.required("weight_after", c.weight_after);
  f.required("backends_before", c.backends_before);
  f.required("backends_after", c.backends_after);
  f.derived("lost", c.lost());
}

void describe(auto& f, Of<PoolCapacity> auto& c) {
  f.required("pool", c.pool);
  f.optional("backends_lost", c.backends_lost);
  describe_capacity(f, c);
}

void describe(auto& f, Of<DomainCapacity> auto& c) {
  f.required("label", c.label);
  f.required("value", c.value);
  describe_capacity(f, c);
}

void describe(auto& f, Of<Plan> auto& p) {
  f.required("moved", p.moved);
  f.required("dropped", p.dropped);
  f.required("weighted", p.weighted);
  f.required("objects", p.objects);
  f.required("services", p.services);
  f.required("pools", p.pools);
  f.required("domains", p.domains);
}

void describe(auto& f, Of<PlanAnswer> auto& a) {
  f.required("base", a.base);
  f.findings(a.findings);
  f.optional("problem", a.problem);
  f.required("plan", a.plan);
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
  f.required("unresolved_next_hops", s.unresolved_next_hops);
  f.required("memory_bytes", s.memory_bytes);
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
  f.required("midflow", b.midflow);
  f.required("untracked", b.untracked);
  f.required("flows", b.flows);
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

void describe(auto& f, Of<report::BackendsView> auto& v) {
  describe_head(f, v);
  f.required("backends", v.backends);
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
