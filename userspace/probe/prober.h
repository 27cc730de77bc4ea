// SPDX-License-Identifier: Apache-2.0
// Prober: many probes at once on one thread. Probes are queued by start() and
// move only inside run(), which hands back what has ended. How often a backend
// is probed, and what its results mean, is the caller's.
//
// Must not enter: pools, backends, rise and fall.
#pragma once

#include <deque>
#include <memory>
#include <queue>
#include <vector>

#include "base/result.h"
#include "kernel/probe_path.h"
#include "probe/session.h"

namespace steadfast::probe {

struct ProberSettings {
  std::size_t concurrency = 4096;   // beyond it probes wait; each holds one descriptor and one local port
  const ProbePath* path = nullptr;  // must outlive the Prober; null: only probes without a path
};

class Prober {
 public:
  static Result<Prober> open(ProberSettings settings);

  // For an owner that gets the path later; as in the settings.
  void use_path(const ProbePath* path) { settings_.path = path; }

  void start(ProbeRequest request);
  // Waits until something has ended, at most for `most`; an empty answer is no error.
  Result<std::vector<ProbeResult>> run(std::chrono::milliseconds most);
  // For a caller with a loop of its own: readable when run() has something to do
  // before next_deadline().
  int descriptor() const { return epoll_.get(); }
  std::optional<std::chrono::steady_clock::time_point> next_deadline() const;

  std::size_t waiting() const { return queue_.size(); }
  std::size_t running() const { return running_; }
  bool idle() const { return queue_.empty() && running_ == 0; }

 private:
  using Time = std::chrono::steady_clock::time_point;

  struct Slot {
    std::unique_ptr<Session> session;
    std::uint32_t use = 0;  // tells an event or a deadline of an earlier session
    Time started;
  };
  struct Deadline {
    Time at;
    std::uint32_t slot;
    std::uint32_t use;
    bool operator>(const Deadline& other) const { return at > other.at; }
  };

  Prober(ProberSettings settings, Fd epoll, TlsSettings tls);
  void admit(std::vector<ProbeResult>& ended);
  void begin(ProbeRequest request, std::vector<ProbeResult>& ended);
  bool watch(std::uint32_t slot);
  Result<void> wait(std::chrono::milliseconds most, std::vector<ProbeResult>& ended);
  void expire(std::vector<ProbeResult>& ended);
  void end(std::uint32_t slot, Verdict verdict, std::vector<ProbeResult>& ended);
  bool is_current(std::uint32_t slot, std::uint32_t use) const;

  ProberSettings settings_;
  Fd epoll_;
  TlsSettings tls_;
  std::deque<ProbeRequest> queue_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> deadlines_;
  std::size_t running_ = 0;
  std::uint64_t serial_;
};

}  // namespace steadfast::probe
