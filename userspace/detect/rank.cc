// SPDX-License-Identifier: Apache-2.0
#include "detect/rank.h"

#include <algorithm>
#include <cmath>

namespace steadfast::detect {
namespace {

// What is older has shown already that it works; what is younger came after.
constexpr double kChangeWithin_s = 600, kAfter_s = 2;
constexpr double kDriftWithin_s = 60;
// Things begin together when so near.
constexpr double kTogether_s = 10;
// In nats: of what is simply there.
constexpr double kAlwaysThere = 0.5, kUnreachable = 2;
// An object that explains as much as its whole generation says more.
constexpr double kNearer = 1.05;
constexpr std::size_t kSuspectsKept = 8;
constexpr std::size_t kNamed = 3;

// By chance there is one change an hour.
double surprise(double lag_s) { return std::log(1 + 3600 / std::max(std::abs(lag_s), 1.0)); }

std::string seconds_text(double seconds) { return std::to_string(std::lround(std::abs(seconds))) + " s"; }

struct Candidate {
  Suspect suspect;
  double power = 0;
  double surprise = 0;
};

class Ranking {
 public:
  Ranking(const Sign& sign, const Circumstances& around) : sign_(sign), around_(around) {
    const auto found = around.scene.services.find(sign.endpoint);
    if (found != around.scene.services.end()) service_ = &found->second;
    for (const Sign& other : around.signs)
      if (other.by_configuration == sign.by_configuration && !other.endpoint.empty() &&
          std::abs(other.since_s - sign.since_s) <= kTogether_s)
        together_.insert(other.endpoint);
    if (!sign.endpoint.empty()) together_.insert(sign.endpoint);
  }

  std::vector<Suspect> run() {
    for (const ChangeMade& change : around_.changes) look_at(change);
    for (const Drift& drift : around_.drifts) look_at(drift);
    look_at_backends();
    look_at_itself();
    return ordered();
  }

 private:
  void look_at(const ChangeMade& change) {
    const double lag = sign_.since_s - change.at_s;
    if (lag > kChangeWithin_s || lag < -kAfter_s || !change.touches(sign_.endpoint)) return;
    std::vector<const TouchedObject*> objects;
    for (const TouchedObject& object : change.objects)
      if (object.endpoints.contains(sign_.endpoint)) objects.push_back(&object);
    const std::size_t touched = objects.size();
    std::stable_sort(objects.begin(), objects.end(), [&](const auto* a, const auto* b) {
      return part(a->object, touched) > part(b->object, touched);
    });
    Candidate whole = of(change, lag);
    whole.suspect.object = "generation/" + std::to_string(change.generation);
    if (!objects.empty()) whole.suspect.place = objects.front()->place;
    whole.suspect.evidence = "changed " + named(objects) + " " + seconds_text(lag) + " before";
    whole.power = broken_share(change);
    add(whole);
    for (const TouchedObject* object : objects) {
      Candidate one = of(change, lag);
      one.suspect.object = object->object;
      one.suspect.place = object->place;
      one.suspect.evidence = "changed " + seconds_text(lag) + " before";
      one.power = kNearer * whole.power * part(object->object, touched);
      add(one);
    }
  }

  Candidate of(const ChangeMade& change, double lag) const {
    Candidate candidate;
    candidate.surprise = surprise(lag);
    candidate.suspect.generation = change.generation;
    candidate.suspect.author = change.author;
    candidate.suspect.file = change.file;
    candidate.suspect.command = undo(change.generation);
    return candidate;
  }

  std::string undo(std::uint64_t generation) const {
    if (generation == around_.unconfirmed) return "steadfast cancel";
    const bool newest = !around_.changes.empty() && around_.changes.back().generation == generation;
    return newest ? "steadfast rollback" : "steadfast history";
  }

  // Of the services that are in trouble together, those it touched.
  double broken_share(const ChangeMade& change) const {
    const auto touched = static_cast<double>(std::count_if(
        together_.begin(), together_.end(), [&](const auto& one) { return change.touches(one); }));
    return together_.empty() ? 1 : touched / static_cast<double>(together_.size());
  }

  // Of the drops of this service, what one of the touched objects accounts for.
  double part(const std::string& object, std::size_t touched) const {
    const SceneBackend* backend = backend_of(object);
    if (backend != nullptr && sign_.verdict == "no_next_hop")
      return backend->has_next_hop ? 0.02 : backend->ring_share / unreachable_share();
    if (backend != nullptr && sign_.detector == "T3") return object == sign_.object ? 1 : 0.02;
    return 1 / static_cast<double>(touched);
  }

  const SceneBackend* backend_of(const std::string& object) const {
    for (std::size_t i = 0; service_ != nullptr && i < service_->backends; ++i)
      if (const SceneBackend& one = around_.scene.backends[service_->first_backend + i]; one.object == object)
        return &one;
    return nullptr;
  }

  double unreachable_share() const {
    double share = 0;
    for (std::size_t i = 0; service_ != nullptr && i < service_->backends; ++i)
      if (const SceneBackend& one = around_.scene.backends[service_->first_backend + i]; !one.has_next_hop)
        share += one.ring_share;
    return std::max(share, 1e-9);
  }

  static std::string named(const std::vector<const TouchedObject*>& objects) {
    std::string text;
    for (std::size_t i = 0; i < std::min(objects.size(), kNamed); ++i)
      text += (i == 0 ? "" : ", ") + objects[i]->object;
    if (objects.size() > kNamed) text += " and " + std::to_string(objects.size() - kNamed) + " more";
    return text.empty() ? "what leads to it" : text;
  }

  void look_at(const Drift& drift) {
    const double lag = sign_.since_s - drift.at_s;
    if (std::abs(lag) > kDriftWithin_s || is_touched(drift.object)) return;
    Candidate candidate;
    candidate.suspect.object = drift.object;
    candidate.suspect.file = around_.scene.file;
    candidate.suspect.evidence = drift.code + ": " + drift.message;
    candidate.suspect.command = "steadfast audit";
    candidate.power = is_elsewhere(drift.object) ? 0.02 : 0.9;
    candidate.surprise = surprise(lag);
    add(candidate);
  }

  // By a change that is a suspect itself: what is found there follows from it.
  bool is_touched(const std::string& object) const {
    return std::any_of(candidates_.begin(), candidates_.end(), [&](const Candidate& candidate) {
      return candidate.suspect.generation != 0 && candidate.suspect.object == object;
    });
  }

  // Another service, or a backend of other services alone.
  bool is_elsewhere(const std::string& object) const {
    if (object == sign_.object) return false;
    if (object.starts_with("service/")) return true;
    return object.starts_with("backend/") && backend_of(object) == nullptr;
  }

  void look_at_backends() {
    if (service_ == nullptr || sign_.verdict != "no_next_hop") return;
    for (std::size_t i = 0; i < service_->backends; ++i) {
      const SceneBackend& backend = around_.scene.backends[service_->first_backend + i];
      if (backend.has_next_hop || backend.ring_share == 0) continue;
      Candidate candidate;
      candidate.suspect.object = backend.object;
      candidate.suspect.file = around_.scene.file;
      candidate.suspect.place = backend.place;
      candidate.suspect.evidence = "has no next hop";
      candidate.suspect.command =
          "steadfast doctor --backend " + backend.object.substr(sizeof "backend/" - 1);
      candidate.power = backend.ring_share / unreachable_share();
      candidate.surprise = kUnreachable;
      add(candidate);
    }
  }

  void look_at_itself() {
    Candidate candidate;
    candidate.suspect.object = sign_.object;
    candidate.suspect.file = around_.scene.file;
    if (service_ != nullptr) candidate.suspect.place = service_->place;
    if (const SceneBackend* backend = any_backend(); backend != nullptr)
      candidate.suspect.place = backend->place;
    if (sign_.by_configuration) candidate.suspect.evidence = "nothing that was changed explains it";
    candidate.suspect.command = command_for(sign_);
    candidate.power = 1;
    candidate.surprise = kAlwaysThere;
    add(candidate);
  }

  const SceneBackend* any_backend() const {
    for (const SceneBackend& one : around_.scene.backends)
      if (one.object == sign_.object) return &one;
    return nullptr;
  }

  static std::string command_for(const Sign& sign) {
    if (sign.object.starts_with("backend/"))
      return "steadfast doctor --backend " + sign.object.substr(sizeof "backend/" - 1);
    if (sign.detector == "T0" && sign.endpoint.empty()) return "steadfast audit";
    return sign.detector == "T6" ? "steadfast status" : "steadfast drops";
  }

  // One object once: as what explains it best.
  void add(const Candidate& candidate) {
    for (Candidate& known : candidates_)
      if (known.suspect.object == candidate.suspect.object) {
        if (score(candidate) > score(known)) known = candidate;
        return;
      }
    candidates_.push_back(candidate);
  }
  static double score(const Candidate& candidate) { return candidate.power * candidate.surprise; }

  std::vector<Suspect> ordered() {
    std::stable_sort(candidates_.begin(), candidates_.end(),
                     [](const auto& a, const auto& b) { return score(a) > score(b); });
    double sum = 0;
    for (const Candidate& candidate : candidates_) sum += score(candidate);
    std::vector<Suspect> suspects;
    for (Candidate& candidate : candidates_) {
      if (suspects.size() == kSuspectsKept) break;
      candidate.suspect.weight = sum > 0 ? score(candidate) / sum : 0;
      suspects.push_back(std::move(candidate.suspect));
    }
    return suspects;
  }

  const Sign& sign_;
  const Circumstances& around_;
  const SceneService* service_ = nullptr;
  std::set<std::string> together_;
  std::vector<Candidate> candidates_;
};

}  // namespace

std::vector<Suspect> rank(const Sign& sign, const Circumstances& around) {
  return Ranking(sign, around).run();
}

}  // namespace steadfast::detect
