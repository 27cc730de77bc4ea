// SPDX-License-Identifier: Apache-2.0
#include "simulation/culprits.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "simulation/incidents.h"

namespace steadfast::simulation {
namespace {

constexpr double kBefore_s = 300, kSlowStep_s = 60;
constexpr std::size_t kFewestPools = 3, kMostPools = 12;

struct Event {
  double at_s;
  std::function<void()> happen;
};

void build(Edge& edge) {
  const std::size_t pools = kFewestPools + edge.below(kMostPools - kFewestPools + 1);
  for (std::size_t i = 0; i < pools; ++i) {
    edge.add_pool(4 + edge.below(17));
    edge.add_service(i, std::exp(edge.uniform(std::log(200.0), std::log(5000.0))));
    if (edge.chance(0.3)) edge.add_service(i, std::exp(edge.uniform(std::log(50.0), std::log(5000.0))));
  }
  for (EdgeService& service : edge.services()) service.sender = edge.uniform(0, 0.015);
  edge.show();
}

// Of something that is not the matter.
detect::Drift bystander(Edge& edge, std::size_t not_of, double at_s) {
  std::size_t at = edge.below(edge.pools().size());
  if (at == not_of) at = (at + 1) % edge.pools().size();
  const EdgePool& pool = edge.pools()[at];
  switch (edge.below(5)) {
    case 0:
      return {"SF901",
              "service/" + std::find_if(edge.services().begin(), edge.services().end(),
                                        [&](const auto& one) { return one.pool == at; })
                               ->name,
              "differs", at_s};
    case 1:
      return {"SF910", "pool/" + pool.name, "of 10 backends fail", at_s};
    case 2:
      return {"SF902", "interface/eth1", "the program was attached again", at_s};
    default:
      return {"SF905", pool.backends[edge.below(pool.backends.size())].object, "differs", at_s};
  }
}

class Run {
 public:
  Run(const Incident& incident, std::uint64_t seed, const detect::Without& without)
      : incident_(incident), edge_(seed, without) {
    build(edge_);
    pool_ = edge_.below(edge_.pools().size());
    onset_s_ = incident.slow_s + kBefore_s;
    pending_ = incident.is_change && edge_.chance(0.5);
    bystands_ = !incident.is_change && edge_.chance(0.5);
    plan_floods();
    plan_changes();
    plan_drifts();
    std::stable_sort(events_.begin(), events_.end(),
                     [](const Event& a, const Event& b) { return a.at_s < b.at_s; });
  }

  void play(Culprit& result) {
    while (edge_.now_s() < incident_.slow_s) edge_.step(kSlowStep_s);
    for (; edge_.now_s() < onset_s_; edge_.step()) happen_until(edge_.now_s());
    note_standing();
    truth_ = incident_.happen(edge_, pool_, pending_);
    const std::uint64_t unconfirmed = edge_.pending();
    for (double s = 1; s <= incident_.within_s && !(found_s_ && harmed_); ++s) {
      happen_until(edge_.now_s());
      edge_.step();
      look(s);
      harmed_ = harmed_ || (unconfirmed != 0 && edge_.detectors().harm(unconfirmed) != nullptr);
    }
    write(result);
  }

 private:
  void at(double at_s, std::function<void()> happen) { events_.push_back({at_s, std::move(happen)}); }

  void plan_floods() {
    for (EdgeService& service : edge_.services())
      if (service.pool != pool_ && edge_.chance(0.15))
        at(onset_s_ + edge_.uniform(-kBefore_s, 30),
           [&service, share = edge_.uniform(0.05, 0.5)] { service.sender = share; });
  }

  void change_harmlessly(double at_s, std::size_t pool, bool pending) {
    at(at_s, [this, pool, pending] { edge_.flip(harmless_change(edge_, pool), pending); });
  }

  std::size_t other_pool() {
    const std::size_t at = edge_.below(edge_.pools().size() - 1);
    return at < pool_ ? at : at + 1;
  }

  // Nothing is changed while something is pending.
  void plan_changes() {
    for (std::size_t i = edge_.below(5); i > 0; --i)
      change_harmlessly(onset_s_ - edge_.uniform(45, kBefore_s), edge_.below(edge_.pools().size()), false);
    if (bystands_) {
      change_harmlessly(onset_s_ - edge_.uniform(1, 40), edge_.chance(0.5) ? pool_ : other_pool(), true);
    } else if (edge_.chance(0.5)) {
      const double near = edge_.uniform(-10, pending_ ? -1 : 10);
      change_harmlessly(onset_s_ + near, edge_.chance(0.25) ? pool_ : other_pool(), false);
    }
  }

  void plan_drifts() {
    for (std::size_t i = edge_.below(4); i > 0; --i) {
      const double when = onset_s_ + edge_.uniform(-120, 30);
      at(when, [this, when] { edge_.add_drift(bystander(edge_, pool_, when)); });
    }
  }

  void happen_until(double now_s) {
    for (; next_ < events_.size() && events_[next_].at_s <= now_s; ++next_) events_[next_].happen();
  }

  void note_standing() {
    for (const detect::Alarm& alarm : edge_.detectors().alarms()) known_.insert(alarm.key);
  }

  bool is_named(const detect::Suspect& first) const {
    if (truth_.generation == 0) {
      if (truth_.objects.contains(first.object) && first.generation == 0)
        return truth_.code.empty() || first.evidence.starts_with(truth_.code);
      return false;
    }
    if (first.generation != truth_.generation) return false;
    if (first.object.starts_with("generation/"))
      return truth_.objects.size() > 1 && truth_.lines.contains(first.place.line);
    return truth_.objects.contains(first.object);
  }

  // Of the first second with an alarm, all.
  void look(double second) {
    if (found_s_) return;
    for (const detect::Alarm& alarm : edge_.detectors().alarms()) {
      if (known_.contains(alarm.key) || !truth_.affected.contains(alarm.object)) continue;
      const bool right = !alarm.suspects.empty() && is_named(alarm.suspects.front());
      named_ = (found_s_ ? named_ : true) && right;
      found_s_ = second;
    }
  }

  void write(Culprit& result) const {
    ++result.runs;
    if (found_s_) result.found_s.push_back(*found_s_);
    result.ranked_first += found_s_ && named_ ? 1 : 0;
    result.pending += pending_ ? 1 : 0;
    result.rolled_back += pending_ && harmed_ ? 1 : 0;
    result.bystanders += bystands_ ? 1 : 0;
    result.wronged += bystands_ && harmed_ ? 1 : 0;
  }

  const Incident& incident_;
  Edge edge_;
  std::size_t pool_ = 0;
  double onset_s_ = 0;
  bool pending_ = false, bystands_ = false;
  std::vector<Event> events_;
  std::size_t next_ = 0;
  std::set<std::string> known_;
  Truth truth_;
  std::optional<double> found_s_;
  bool named_ = false, harmed_ = false;
};

}  // namespace

std::vector<Culprit> find_culprits(std::uint64_t seeds, std::size_t runs, const detect::Without& without) {
  std::vector<Culprit> all;
  for (const Incident& incident : incidents()) {
    Culprit result;
    result.name = incident.name;
    result.cases = incident.cases;
    for (std::size_t i = 0; i < runs; ++i) Run(incident, seeds++, without).play(result);
    all.push_back(std::move(result));
  }
  return all;
}

std::vector<Ablation> ablate(std::size_t runs) {
  const std::pair<const char*, detect::Without> without[] = {
      {"nothing", {}},
      {"T0", {{"T0"}}},
      {"T1", {{"T1"}}},
      {"T0 and T1", {{"T0", "T1"}}},
      {"T2", {{"T2"}}},
      {"T3", {{"T3"}}},
      {"T4", {{"T4"}}},
      {"T5", {{"T5"}}},
      {"changes as suspects", {{}, true}},
      {"drift as a suspect", {{}, false, true}},
      {"what a change left alone", {{}, false, false, true}},
      {"less evidence while unconfirmed", {{}, false, false, false, true}},
  };
  std::vector<Ablation> all;
  for (const auto& [name, what] : without) all.push_back({name, find_culprits(kAblationSeeds, runs, what)});
  return all;
}

}  // namespace steadfast::simulation
