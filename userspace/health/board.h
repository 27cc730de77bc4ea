// SPDX-License-Identifier: Apache-2.0
// Board: what is known of the health of every backend, and what follows from it.
// Fed with the model, probe results, handshake counters, flows and the time, it
// gives the overlay to publish, events, alerts and a view for screens and metrics.
//
//   board.adopt(model, now)          a new configuration; overlay() fits it at once
//   board.take(target, result, now)  a probe ended
//   board.count(…) board.set_flows(…)  once a second, of all backends at the same moment
//   board.tick(now)                  once a second, and after probe results
//   board.due(now) → publish → board.published(…)
//
// Must not enter: sockets, files, clocks, the kernel; threads (the owner locks).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "health/local_cause.h"
#include "health/overlay.h"
#include "health/pool_watch.h"
#include "health/publisher.h"

namespace steadfast::health {

// X(symbol, label, code, help); no code where no rule has one.
#define SF_HEALTH_ALERTS(X)                                                                        \
  X(floor, "floor", "SF910", "a pool keeps backends that fail, because min_healthy asks for them") \
  X(deaf, "deaf", "SF805", "a backend answers its check and not the users")                        \
  X(together, "together", "", "over a quarter of a pool is silent: the pool or the way back")      \
  X(local_cause, "local-cause", "", "every check fails at once: health changes are frozen")

enum class AlertKind {
#define X(symbol, label, code, help) symbol,
  SF_HEALTH_ALERTS(X)
#undef X
};

std::string_view name(AlertKind kind);
std::string_view code_of(AlertKind kind);

// Something that is so now; it ends by not being in the list any more.
struct Alert {
  AlertKind kind = AlertKind::floor;
  std::string object;   // "pool/web", "backend/web/web-01", "host"
  std::string message;  // one sentence
};

struct BackendView {
  std::string name;
  State state = State::up;
  Reason reason = Reason::unproven;
  std::string detail;
  Time since{};
  Share share;
  std::optional<ProbeResult> last;  // of the decisive probes
  std::optional<FlowsLeft> flows;   // as last reported
  double completion = 1;            // of handshakes, over the last half minute
};

struct PoolView {
  std::string name;
  std::size_t active = 0;   // backends the file gives new flows
  std::size_t healthy = 0;  // of these
  std::size_t serving = 0;  // of these, the kept ones included
  std::size_t needed = 0;   // min_healthy
  bool on_floor = false;
  std::vector<BackendView> backends;
};

struct View {
  LocalCause::Cause frozen = LocalCause::Cause::none;
  Time frozen_since{};
  std::vector<PoolView> pools;
};

class Board {
 public:
  void adopt(const Model& model, Time now);
  void take(const Target& target, const ProbeResult& result, Time now);
  // It was out before this board began: so it stays until its probes have passed.
  void begin_out(const std::string& pool, const std::string& backend);
  void count(const std::string& pool, const std::string& backend, const HandshakeTotals& totals);
  // The same by their places in the model.
  void count(std::size_t pool, std::size_t backend, const HandshakeTotals& totals);
  void set_flows(const std::string& pool, const std::string& backend, FlowsLeft flows);
  void tick(Time now);

  // As of the latest tick or adopt(): what a generation made now is to contain.
  const Overlay& overlay() const { return overlay_; }
  // The overlay, when it is time to publish it. Each answer counts as an attempt.
  std::optional<Overlay> due(Time now);
  // A generation with this overlay is live, whoever asked for it.
  void published(const Overlay& overlay) { publisher_.published(overlay); }

  std::vector<Event> take_events();
  std::vector<Alert> alerts() const;
  const LocalCause& cause() const { return cause_; }
  View view(Time now) const;
  // The same of backends that are not up, or out.
  View view_of_unwell(Time now) const;

 private:
  PoolWatch* find(const std::string& pool);
  void judge_cause(Time now);
  void decide(Time now);

  std::vector<PoolWatch> pools_;
  std::map<std::string, std::size_t> places_;  // by pool
  LocalCause cause_;
  Publisher publisher_;
  Overlay overlay_;
  std::vector<Event> events_;
};

}  // namespace steadfast::health
