// SPDX-License-Identifier: Apache-2.0
// Keeper: the health of every backend of what runs: which probes are due, what their
// answers and the users' handshakes say, which overlay packets are to follow. It has
// no thread and no socket; the Watchman (watchman.h) turns it, a test plays prober.
//
//   adopt(…)                    another configuration runs
//   due_probes() → … → take(…)  the probing, on a thread of its own
//   count(…) tick()             once a second; tick() also after answers
//   overlay_due() → publish → published(…) or not_published(…)
//
// Guarded by one lock, held for no longer than it takes to think.
//
// Must not enter: sockets, threads, the balancer, logs.
#pragma once

#include <functional>
#include <mutex>
#include <unordered_map>

#include "control/health_witness.h"
#include "control/live_balancer.h"
#include "counters/members.h"
#include "health/board.h"
#include "health/schedule.h"
#include "keeper/cases.h"
#include "keeper/questions.h"
#include "keeper/recollection.h"
#include "keeper/server_names.h"
#include "probe/probe.h"

namespace steadfast {

class Keeper {
 public:
  // Dead backends answer at the end of their timeout: this many of a pool may be waited for.
  static constexpr unsigned kRunningPerPool = 512;
  static constexpr health::Time kTickEvery = std::chrono::seconds(1);

  // `clock` never goes back; `seed` tells balancers apart (health/schedule.h).
  Keeper(std::uint64_t seed, std::function<health::Time()> clock);

  void adopt(Followed what_runs, const OwnAddresses& own);
  // What the daemon before knew of what was adopted, before the first probe. Packets
  // follow overlay_of() it already.
  void recall(const Recollection& remembered);
  // For the daemon that follows.
  Recollection recollection() const;
  // Why probes cannot take the packets' own path from this host; empty: they can.
  void set_path_problem(std::string why);

  // To be asked now; those that cannot be have ended as this host's own fault.
  std::vector<probe::ProbeRequest> due_probes();
  // Until due_probes() has something, at most `most`.
  health::Time until_next(health::Time most) const;
  void take(const std::vector<probe::ProbeResult>& ended);

  // Somebody drains, and so flows are worth counting.
  bool wants_flows() const;
  // Those of another revision are of other backends, and say nothing.
  void count(const MembersCounted& counted);
  // Nothing happens within kTickEvery of the one before, unless there is news.
  void tick();

  std::optional<health::Overlay> overlay_due();
  void published(const health::Overlay& overlay, health::Time took);
  void not_published(std::string why);
  // What changed since the last call, for the log.
  std::vector<health::Event> take_events();

  // A failing backend to be examined next; note_case() must follow.
  std::optional<Cases::Name> next_case();
  void note_case(const Cases::Name& name, const std::vector<Examined>& found);
  std::vector<Checkup> checkups(const std::string& pool, const std::string& backend) const;

  HealthReport report() const;
  // HealthWitness::unwell().
  HealthReport unwell() const;
  HealthStatus status() const;

 private:
  // To whom a probe went: its backend may have got another address meanwhile.
  struct Asked {
    health::Target target;
    probe::Endpoint backend;
  };

  void end(const health::Target& target, const health::ProbeResult& result, health::Time now);
  bool is_current(const Asked& asked) const;
  // Null: it was not, or moved since.
  static const Remembered* find(const Recollection& remembered, const Pool& pool, const Backend& backend);
  void recall(const Remembered& one, const std::vector<health::Task>& tasks, const Health& check);
  void note_lateness(std::size_t started, health::Time due, health::Time now);
  void follow(const health::Event& event);
  HealthReport report_of(const health::View& view, health::Time now) const;
  void add_alerts(std::vector<std::string>& alerts) const;

  mutable std::mutex mutex_;
  std::function<health::Time()> clock_;
  Followed what_runs_;
  OwnAddresses own_;
  Questions questions_;
  std::vector<std::string> unasked_;  // why some questions cannot be asked from here
  std::string path_problem_;
  std::string publish_problem_;
  health::Schedule schedule_;
  health::Board board_;
  Cases cases_;
  ServerNames server_names_;
  HealthFigures figures_;
  std::vector<health::Event> events_;
  bool wants_flows_ = false;
  bool has_news_ = false;  // since the latest tick
  health::Time ticked_{};
  std::unordered_map<std::uint64_t, Asked> asked_;  // by id of the probe
  std::uint64_t last_id_ = 0;
};

}  // namespace steadfast
