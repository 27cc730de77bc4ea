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

  std::size_t asked_to_change() const { return changes.size() + edits.size() + rollbacks.size(); }

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
  Status status() const override {
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
  std::string config_text() const override { return "schema = 1\n"; }
  std::string config_file() const override { return "edge.toml"; }
  std::vector<GenerationInfo> generations() const override { return std::vector<GenerationInfo>(1); }
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
    outcome.verdict = Verdict::applied;
    outcome.generation = 8;
    return outcome;
  }

  std::mutex mutex_;
};

}  // namespace steadfast
