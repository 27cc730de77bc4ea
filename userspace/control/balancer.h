// SPDX-License-Identifier: Apache-2.0
// Balancer: the daemon's one object that changes anything. It owns the running
// generation and takes every change down the same path: check → plan → write a
// free slot → read back → tests and probes → flip → confirm. One change at a
// time; a refused one leaves everything as it was.
//
// Must not enter: HTTP, JSON, terminals (control/server.h, report/).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/frame.h"
#include "base/result.h"
#include "check/change.h"
#include "config/edit.h"
#include "config/finding.h"
#include "control/ending.h"
#include "control/history_answer.h"
#include "control/incident_witness.h"
#include "counters/snapshot.h"
#include "plan/plan.h"
#include "rehearsal/result.h"
#include "rehearsal/test_file.h"
#include "report/answer.h"

namespace steadfast {

// A gate accepted by name: "SF501:pool/web".
struct Acceptance {
  std::string code;
  std::string object;
};

// So much of the hash space runs the new generation for so long, then the next stage.
struct CanaryStage {
  double share = 0;  // 0…1, of the hash space
  double hold_s = 0;
};

// When a change becomes final. Without either it is final at once.
struct Confirmation {
  double within_s = 0;     // 0: no confirmation is waited for
  bool automatic = false;  // confirmed at the end unless the guard saw harm, or nothing
  std::vector<CanaryStage> canary;

  bool is_final() const { return within_s == 0 && canary.empty(); }
};

struct Change {
  std::string text;    // the whole configuration file
  std::string file;    // its name, for places
  std::string sha256;  // hex digest of the bytes that were checked; empty = not given
  std::string author;
  std::string reason;
  std::vector<Acceptance> accepted;
  std::vector<rehearsal::TestText> tests = {};  // played against the candidate before it goes live
  std::optional<ChangeBase> base = {};          // what the change was planned against
  Confirmation confirmation = {};
};

struct Outcome {
  Ending ending = Ending::failed;
  std::uint64_t generation = 0;  // the one that runs now
  Findings findings;
  std::string error;            // for `failed` and `refused`
  rehearsal::TestReport tests;  // that failed; those that passed are only counted
  std::size_t tests_played = 0;
  std::optional<PendingChange> pending;
  double check_ms = 0, compile_ms = 0, write_ms = 0, test_ms = 0, flip_us = 0, total_ms = 0;
};

// What a change would do, and what stands against it.
struct PlanAnswer {
  ChangeBase base;
  Plan plan;
  Findings findings;
  std::string problem;  // why the change would fail although nothing stands against it
};

// An everyday edit of one backend, made in the text so that comments stay.
struct BackendEdit : config::BackendChange {
  std::string author;
  std::string reason;
  std::vector<Acceptance> accepted;
};

// Of the host; or, when a backend is named, of that alone, by probes.
struct DoctorQuestion {
  std::string pool;
  std::string backend;
};

struct DoctorReport {
  std::uint64_t generation = 0;  // that was looked at
  std::string file;
  std::vector<std::string> examined;  // services along whose paths the backend was probed
  Findings findings;
};

class Balancer {
 public:
  virtual ~Balancer() = default;
  virtual Outcome apply(const Change& change) = 0;
  virtual Outcome edit(const BackendEdit& edit) = 0;
  // `to` = 0: the generation before the running one.
  virtual Outcome rollback(std::uint64_t to, const std::string& author, const std::string& reason) = 0;
  // Ends the pending change; each is refused when there is none.
  virtual Outcome confirm(const std::string& author) = 0;
  virtual Outcome extend(double more_s, const std::string& author) = 0;
  virtual Outcome cancel(const std::string& author, const std::string& reason) = 0;
  // Changes nothing.
  virtual Result<PlanAnswer> plan(const Change& change) = 0;
  // What this host, or one backend's, would do to what runs.
  virtual Result<DoctorReport> doctor(const DoctorQuestion& question) = 0;
  // What is declared against what is; puts nothing right.
  virtual Result<AuditReport> audit() = 0;
  // Plays tests against what runs.
  virtual Result<rehearsal::TestReport> test(const std::vector<rehearsal::TestText>& tests) = 0;
  virtual Status status() = 0;
  virtual Result<Snapshot> snapshot() = 0;
  // What one service, or the host, did lately.
  virtual Result<HistoryAnswer> history(const HistoryQuestion& question) = 0;
  // What is wrong now; nothing where no detectors run.
  virtual std::vector<detect::Alarm> alarms() { return {}; }
  // What was wrong, as far as somebody keeps records.
  virtual IncidentList incidents() = 0;
  virtual Result<incident::Record> incident(std::uint64_t number) = 0;
  virtual std::string config_text() = 0;
  virtual std::string config_file() = 0;
  virtual std::vector<GenerationInfo> generations() = 0;
  // The file of one generation, byte for byte.
  virtual Result<std::string> generation_text(std::uint64_t number) = 0;
  // The dry twin's answer for one frame.
  virtual Result<TraceAnswer> trace(const Frame& frame) = 0;
};

}  // namespace steadfast
