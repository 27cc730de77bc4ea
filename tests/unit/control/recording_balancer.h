// SPDX-License-Identifier: Apache-2.0
// A Balancer that changes nothing and remembers what it was asked: what the
// server did with a request is then a value.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "control/balancer.h"

namespace steadfast {

class RecordingBalancer : public Balancer {
 public:
  Outcome answer = applied();
  bool blind = false;  // reading counters and tracing fail

  std::vector<Change> changes;
  std::vector<BackendEdit> edits;
  std::vector<std::uint64_t> rollbacks;
  std::vector<Frame> traced;
  std::vector<std::string> ended;
  std::vector<Change> planned;
  std::vector<DoctorQuestion> doctored;
  std::vector<HistoryQuestion> asked_history;

  std::size_t asked_to_change() const {
    return changes.size() + edits.size() + rollbacks.size() + ended.size();
  }

  Outcome apply(const Change& change) override {
    const std::lock_guard lock(mutex_);
    changes.push_back(change);
    return answer;
  }
  Outcome edit(const BackendEdit& wish) override {
    edits.push_back(wish);
    return answer;
  }
  Outcome rollback(std::uint64_t to, const std::string&, const std::string&) override {
    rollbacks.push_back(to);
    return answer;
  }
  Outcome confirm(const std::string& author) override {
    ended.push_back("confirmed by " + author);
    return answer;
  }
  Outcome extend(double more_s, const std::string& author) override {
    ended.push_back("extended by " + author + " for " + std::to_string(static_cast<int>(more_s)) + " s");
    return answer;
  }
  Outcome cancel(const std::string& author, const std::string& reason) override {
    ended.push_back("cancelled by " + author + ": " + reason);
    return answer;
  }
  Result<PlanAnswer> plan(const Change& change) override {
    if (blind) return Error{"resolving next hops: no network"};
    planned.push_back(change);
    PlanAnswer result;
    result.base = {7, "abc"};
    result.plan.moved = 0.25;
    result.plan.objects.push_back(
        {ChangeKind::changed, "backend/web/web-01", {3, 1}, {4, 1}, {{"weight", "1", "2"}}});
    result.plan.services.push_back({"web", "tcp 192.0.2.10:80", {2, 1}, 100, 0.25, 0});
    result.plan.pools.push_back({"web", 200, 100, 2, 1});
    result.plan.domains.push_back({"rack", "r1", 200, 100, 2, 1});
    return result;
  }
  Result<AuditReport> audit() override {
    if (blind) return Error{"nothing runs yet"};
    AuditReport report;
    report.generation = 7;
    report.findings.resize(1);
    report.findings[0].code = "SF901";
    report.findings[0].object = "service/web";
    return report;
  }
  Result<DoctorReport> doctor(const DoctorQuestion& question) override {
    if (blind) return Error{"there is no host to look at"};
    doctored.push_back(question);
    DoctorReport report{7, "edge.toml", {}, {}};
    if (!question.backend.empty()) report.examined.push_back("web");
    Finding finding;
    finding.code = "SF701";
    finding.message = "interface eth0 is down";
    finding.object = "host/interface/eth0";
    finding.fix = "ip link set dev eth0 up";
    report.findings.push_back(finding);
    return report;
  }
  Result<rehearsal::TestReport> test(const std::vector<rehearsal::TestText>& tests) override {
    if (blind) return Error{"edge.test.toml:1: no test"};
    rehearsal::TestReport report;
    for (const auto& one : tests)
      report.results.push_back(
          {"name", one.file, {1, 1}, "packet", "web", {{"max_share", "at most 1%", "2%"}}, 0.5});
    return report;
  }
  Result<std::string> generation_text(std::uint64_t number) override {
    if (number != 7) return Error{"generation " + std::to_string(number) + " is not in the journal"};
    return std::string("schema = 1\n");
  }
  Status status() override {
    Status status;
    status.generation = 7;
    status.engine = "recording";
    return status;
  }
  Result<Snapshot> snapshot() override {
    if (blind) return Error{"reading counters: no kernel"};
    Snapshot snapshot;
    snapshot.generation = 7;
    snapshot.services.resize(1);
    snapshot.services[0].name = "web";
    snapshot.services[0].pool = "web";
    snapshot.services[0].verdicts[SF_NO_BACKEND] = {2, 120};
    snapshot.backends.resize(1);
    snapshot.backends[0].pool = "web";
    snapshot.backends[0].name = "web-01";
    return snapshot;
  }
  Result<HistoryAnswer> history(const HistoryQuestion& question) override {
    asked_history.push_back(question);
    if (question.service == "gone") return Error{"there is no service \"gone\""};
    return HistoryAnswer{1, 1000, {{"packets", {1.5, std::nullopt}}}, {{1000, 7, "live", "alice", "CHG-1"}}};
  }
  std::vector<detect::Alarm> alarms() override {
    detect::Alarm alarm;
    alarm.key = "T1 service/web";
    alarm.object = "service/web";
    return {alarm};
  }
  IncidentList incidents() override {
    IncidentList list;
    list.incidents.resize(1);
    list.incidents[0].number = 7;
    list.damaged = {"the incident record 0002.json is damaged"};
    return list;
  }
  Result<incident::Record> incident(std::uint64_t number) override {
    if (number != 7) return Error{"there is no incident " + std::to_string(number)};
    return incidents().incidents[0];
  }
  std::string config_text() override { return "schema = 1\n"; }
  std::string config_file() override { return "edge.toml"; }
  std::vector<GenerationInfo> generations() override { return std::vector<GenerationInfo>(1); }
  Result<TraceAnswer> trace(const Frame& frame) override {
    if (blind) return Error{"tracing: no kernel"};
    traced.push_back(frame);
    TraceAnswer result;
    result.decision.verdict = SF_NOT_SERVICE;
    result.in = result.out = frame;
    return result;
  }

 private:
  static Outcome applied() {
    Outcome outcome;
    outcome.ending = Ending::applied;
    outcome.generation = 8;
    return outcome;
  }

  std::mutex mutex_;
};

}  // namespace steadfast
