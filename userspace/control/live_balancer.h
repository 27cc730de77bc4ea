// SPDX-License-Identifier: Apache-2.0
// LiveBalancer: the Balancer over one engine. With BpfKernel, rtnetlink and a
// journal it is the daemon; with HostKernel and pretended next hops it answers
// traces and tests without privileges.
//
// Admission judges a change, a rehearsal tries it, Deployment makes it run,
// Probation watches it, History remembers it; here is only their order.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "control/admission.h"
#include "control/auditor.h"
#include "control/balancer.h"
#include "control/deployment.h"
#include "control/guard.h"
#include "control/health_witness.h"
#include "control/history.h"
#include "control/marks.h"
#include "control/past.h"
#include "control/probation.h"
#include "counters/history.h"
#include "counters/members.h"
#include "counters/reading.h"
#include "counters/recorder.h"
#include "detect/detectors.h"
#include "journal/journal.h"
#include "journal/life.h"

namespace steadfast {

class CandidateStage;

// What most packets meet, for somebody who follows it.
struct Followed {
  std::uint64_t revision = 0;
  Model model;  // as the file says
  NextHops next_hops;
};

// What health compares, and of which reading and revision it is.
struct MembersCounted {
  std::uint64_t reading = 0, revision = 0;
  std::vector<MemberCounts> members;
};

class LiveBalancer final : public Balancer {
 public:
  // `limits` are those the kernel's tables were sized for; `journal` may
  // be absent and `life` null. Adopts what the kernel's tables run, as far as it was confirmed.
  static Result<std::unique_ptr<LiveBalancer>> open(Kernel& kernel, const Limits& limits, Surroundings around,
                                                    std::optional<Journal> journal, Life* life = nullptr);

  // Makes a confirmed generation live again under its own number. `alert` says why
  // it is not the one that was confirmed last, which is `crashed`; empty when it is.
  Outcome resume(std::uint64_t number, const std::string& alert = {}, std::uint64_t crashed = 0);
  // Goes on with a generation that the kernel runs and `journal` does not know. Nothing
  // may be changed, and nothing is written down, until somebody confirms it.
  Outcome resume_unknown(const KeptText& kept, const std::string& alert, Journal journal);
  // True when the host's network had changed and the same generation was published anew.
  Result<bool> refresh_next_hops();
  // Packets follow what health takes away from now on; true when that changed anything.
  Result<bool> set_health(const health::Overlay& overlay);
  // None while it is still that of `revision`, or nothing runs.
  std::optional<Followed> follow(std::uint64_t revision);
  // Of the latest reading; none when that is `reading`, or nothing runs.
  std::optional<MembersCounted> count_members(std::uint64_t reading, bool with_flows);
  // Who knows the health of backends: what it says is added to every answer. It must
  // outlive whoever asks.
  void ask_about_health(const HealthWitness* witness);
  // Who keeps the records of incidents; the same holds.
  void ask_about_incidents(const IncidentWitness* witness);
  // Probes of one backend now, for every service that uses it: what is missing there.
  Result<std::vector<Examined>> examine(const std::string& pool, const std::string& backend);
  // What is due by now: notices that the kernel went back, takes a canary to its
  // next stage, confirms what confirms itself, looks after the timer in the
  // kernel. CLOCK_MONOTONIC of the next time it must be called.
  std::uint64_t tend();

  Outcome apply(const Change& change) override;
  Outcome edit(const BackendEdit& edit) override;
  Outcome rollback(std::uint64_t to, const std::string& author, const std::string& reason) override;
  Outcome confirm(const std::string& author) override;
  Outcome extend(double more_s, const std::string& author) override;
  Outcome cancel(const std::string& author, const std::string& reason) override;
  Result<PlanAnswer> plan(const Change& change) override;
  Result<DoctorReport> doctor(const DoctorQuestion& question) override;
  Result<AuditReport> audit() override;
  Result<rehearsal::TestReport> test(const std::vector<rehearsal::TestText>& tests) override;
  Status status() override;
  Result<Snapshot> snapshot() override;
  Result<HistoryAnswer> history(const HistoryQuestion& question) override;
  std::vector<detect::Alarm> alarms() override;
  IncidentList incidents() override;
  Result<incident::Record> incident(std::uint64_t number) override;
  std::string config_text() override;
  std::string config_file() override;
  std::vector<GenerationInfo> generations() override;
  Result<std::string> generation_text(std::uint64_t number) override;
  Result<TraceAnswer> trace(const Frame& frame) override;

 private:
  // A change that runs and is not final.
  struct Pending {
    Generation record;
    std::string text;
    std::string former_outcome;
    Probation probation;
    std::set<std::string> touched;  // endpoints of services whose flows the change moves; empty: all
    Sight at_flip;
    std::deque<Sight> since;  // of the last seconds
  };

  // What runs is in no journal; the one to write it into once somebody has confirmed it.
  struct Unknown {
    std::string because;
    Journal journal;
  };

  LiveBalancer(Kernel& kernel, const Limits& limits, Surroundings around, std::optional<Journal> journal,
               Life* life);

  static Generation record_of(const Change& change, std::uint64_t number);

  enum class Kind { file, edit };
  // Lets go of the lock while backends are asked.
  Outcome apply_locked(std::unique_lock<std::mutex>& lock, const Change& change, Kind kind);
  // What a change is judged from: the generations that run and wait, the next number,
  // and why nothing may be changed.
  using Standpoint = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::string>;
  Standpoint standpoint() const;
  Outcome go_back_to(std::uint64_t number, const std::string& author, const std::string& reason);
  Admission admit_former(std::uint64_t number, const std::string& text, const std::string& file) const;
  // Quarantine is for files: an edit is somebody's own word about one backend.
  ChangeFacts facts(const Change& change, Kind kind);
  // What the change would send users to. The lock is let go meanwhile: guards and health
  // must not wait for a backend that does not answer.
  void probe_unlocked(std::unique_lock<std::mutex>& lock, const Change& change, Admission& admission);
  // From an admitted change to packets. `former_outcome`: what becomes of the running generation.
  Outcome carry_out(const Change& change, Generation record, Admission admission,
                    const std::string& former_outcome);
  Result<void> write_and_run(const Change& change, Generation record, Admission& admission,
                             const std::string& former_outcome, Outcome& outcome);
  Result<bool> rehearse(const Admission& admission, CandidateStage& stage, Outcome& outcome) const;
  Result<void> run_final(const Change& change, Generation record, Deployment::Candidate candidate,
                         const Plan& plan, const std::string& former_outcome, Outcome& outcome);
  Result<void> run_pending(const Change& change, Generation record, Deployment::Candidate candidate,
                           const Plan& plan, const std::string& former_outcome);
  // What runs is final. A journal that cannot be written is an alert: the change
  // has been made, and tend() tries again.
  void make_known(Generation record, std::string text, const std::string& former_outcome,
                  const std::string& because);
  void go_on_living_with(std::uint64_t number);
  std::string why_not_pending(const Change& change, const Model& model) const;
  // By the time it wrote last: one that lags has stopped, whatever it counted before.
  bool timer_ticks() const;
  Result<void> need_timer();

  void note_undone(std::uint64_t resumed, const std::string& alert_text, std::uint64_t crashed);
  void settle();
  void give_up(const std::string& outcome, const std::string& because);
  Result<void> finish_pending(const std::string& confirmed_by);
  Outcome end_pending(const std::string& outcome, const std::string& because);
  void act_on_due();
  void widen(std::uint64_t now_ns);
  void decide();
  void look_after_timer(std::uint64_t now_ns);
  // Why nothing may be changed now; empty when it may.
  std::string why_frozen() const;
  Outcome refused_frozen();
  Outcome thaw(const std::string& author);
  void describe_audit(Status& status) const;
  void describe_alarms(Status& status) const;
  void take_foreign_deadline();
  Findings audit_kernel();
  const std::string& tables_digest() const;
  void keep_text(std::uint64_t number, const std::string& file, const std::string& text);
  void record_traffic(std::uint64_t now_ns);
  void record_history();
  // live_detection.cc: once a second.
  bool is_record_due();
  // None: it is not time to ask, or nobody knows.
  std::optional<std::vector<detect::SilentBackend>> hear_of_silence();
  void detect(const Sight& sight, const Running& watched);
  void show_to_detectors(const Running& watched);
  // Before the flip, when what ran is still known.
  detect::ChangeMade change_made(const Generation& record, const Plan& plan, const Model& next) const;
  void note(detect::ChangeMade change);
  detect::Second second_of(const Sight& sight, const Running& watched);
  void count_flows(detect::Second& second) const;
  std::vector<detect::Fill> fills() const;
  std::vector<detect::Drift> drifts() const;
  Judgement judge_pending();
  Status status_of_balancer();
  Result<Snapshot> counted();
  const HealthWitness* witness();
  const IncidentWitness* incident_witness();
  // Backends whose server is not that of their pool.
  void add_strangers(const Model& model, const DoctorQuestion& question, Findings& findings);

  std::uint64_t now_ns() const { return deployment_.around().now_ns(); }
  double now_s() const;
  std::uint64_t next_number() const;
  // Of what most packets meet: the pending generation, unless it is a canary.
  const Generation& running_record() const;
  const std::string& running_text() const;
  std::uint64_t generation_running() const { return running_record().number; }
  PendingChange describe_pending() const;
  void alert(const std::string& sentence);
  void roll_back_pending(const std::string& because);
  Outcome failed(std::string error);
  Outcome refused(std::string error);
  Outcome finish(Outcome outcome);

  mutable std::mutex mutex_;
  Deployment deployment_;
  Auditor auditor_{deployment_};
  History history_;
  std::optional<Unknown> unknown_;
  Life* life_;
  const HealthWitness* witness_ = nullptr;
  const IncidentWitness* incident_witness_ = nullptr;
  Past past_;
  Reading reading_;  // the latest, once a second
  std::uint64_t readings_ = 0;
  Recorder recorder_;
  TrafficHistory traffic_history_;
  Marks marks_;
  detect::Detectors detectors_;
  std::vector<detect::SilentBackend> silent_;
  std::optional<double> frozen_since_s_;           // Unix time, since somebody asked for alarms
  std::pair<std::uint64_t, std::uint64_t> shown_;  // writings and generation that the detectors were shown
  std::vector<std::uint32_t> shown_ids_;           // of the backends in it
  std::uint64_t seconds_detected_ = 0;
  Generation record_;  // of the last confirmed generation
  std::string text_;
  std::optional<Pending> pending_;
  std::deque<Sight> sights_;  // of the last seconds in which nothing was pending
  std::vector<std::string> alerts_;
  bool journal_due_ = false;
  std::string last_ending_ = "none";
  double apply_ms_per_object_ = 0;
  double started_s_ = 0;
  double whole_audit_s_ = 0;    // Unix time
  mutable std::string digest_;  // of the tables of this revision
  mutable std::uint64_t digest_revision_ = 0;
  std::map<std::string, std::uint64_t> found_;  // by that audit beside the kernel, by code
  std::uint64_t next_record_ns_ = 0;
  std::uint64_t ticks_seen_ = 0;
  std::uint64_t next_timer_check_ns_ = 0;
  std::uint64_t timer_restarts_ = 0;
};

}  // namespace steadfast
