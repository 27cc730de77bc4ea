// SPDX-License-Identifier: Apache-2.0
// The fields of what is asked of a balancer and of what came of it: changes, plans,
// tests. Included by api_fields.h alone.
#pragma once

#include "control/api_words.h"

namespace steadfast::api {

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

void describe(auto& f, Of<DoctorQuestion> auto& q) {
  f.optional("pool", q.pool);
  f.optional("backend", q.backend);
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
  f.optional("refused", m.refused);
  f.optional("heir", m.heir);
  f.optional("donor", m.donor);
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

}  // namespace steadfast::api
