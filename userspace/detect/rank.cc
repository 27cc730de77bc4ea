// SPDX-License-Identifier: Apache-2.0
#include "detect/rank.h"

#include <algorithm>
#include <cmath>

#include "detect/explain.h"
#include "detect/going_back.h"

namespace steadfast::detect {
namespace {

// What is older has shown already that it works; what is younger came
// after, unless a stray packet made it look earlier.
constexpr double kChangeWithin_s = 600, kAfter_s = 5, kFirst_s = 3;
constexpr double kDriftWithin_s = 60;
// Things begin together when so near.
constexpr double kTogether_s = 10;
// In nats: of what is simply there; a backend fails by itself more often than a table.
constexpr double kAlwaysThere = 0.5, kFailsByItself = 2, kUnreachable = 2, kOneCpu = 2;
// An object that explains as much as its whole generation says more.
constexpr double kNearer = 1.05;
// What an audit found may have been there without harm.
constexpr double kFound = 0.9;
constexpr std::size_t kSuspectsKept = 8;
constexpr std::size_t kNamed = 3;

// By chance there is one change an hour. What a change does shows within kChangeWithin_s,
// mostly soon: with a likelihood like 1/lag, whose integral up to there is 6.4.
// Nobody knows the first second better than by kFirst_s.
double surprise(double lag_s) { return std::log(1 + 3600 / 6.4 / std::max(std::abs(lag_s), kFirst_s)); }

std::string seconds_text(double seconds) { return std::to_string(std::lround(std::abs(seconds))) + " s"; }

std::string percent_text(double share) { return std::to_string(std::lround(share * 100)) + " %"; }

struct Candidate {
  Suspect suspect;
  double power = 0;
  double surprise = 0;
};

class Ranking {
 public:
  Ranking(const Sign& sign, const Circumstances& around)
      : sign_(sign), around_(around), explanation_(sign, around.scene) {
    const auto found = around.scene.services.find(sign.endpoint);
    if (found != around.scene.services.end()) service_ = &found->second;
    for (const Sign& other : around.signs)
      if (other.by_configuration == sign.by_configuration && !other.endpoint.empty() &&
          std::abs(other.since_s - sign.since_s) <= kTogether_s)
        together_.insert(other.endpoint);
    if (!sign.endpoint.empty()) together_.insert(sign.endpoint);
  }

  std::vector<Suspect> run() {
    for (const ChangeMade& change : around_.changes)
      if (is_suspect(change))
        for (const TouchedObject& object : change.objects) explanation_.consider(object.object);
    // Of two that explain as much the earlier one has shown that it works.
    for (auto change = around_.changes.rbegin(); change != around_.changes.rend(); ++change)
      if (is_suspect(*change)) look_at(*change);
    for (const Drift& drift : around_.drifts) look_at(drift);
    look_at_backends();
    look_at_cpus();
    look_at_itself();
    return ordered();
  }

 private:
  bool is_suspect(const ChangeMade& change) const {
    const double lag = sign_.since_s - change.at_s;
    return lag <= kChangeWithin_s && lag >= -kAfter_s && change.touches(sign_.endpoint);
  }

  void look_at(const ChangeMade& change) {
    const double lag = sign_.since_s - change.at_s;
    std::vector<const TouchedObject*> objects;
    for (const TouchedObject& object : change.objects)
      if (object.endpoints.contains(sign_.endpoint)) objects.push_back(&object);
    const std::size_t touched = objects.size();
    order(objects);
    Candidate whole = of(change, lag);
    whole.suspect.object = "generation/" + std::to_string(change.generation);
    if (!objects.empty()) whole.suspect.place = objects.front()->place;
    whole.suspect.evidence = "changed " + named(objects) + " " + seconds_text(lag) + " before";
    whole.power = broken_share(change) * explained_by(objects);
    add(whole);
    for (const TouchedObject* object : objects) {
      Candidate one = of(change, lag);
      one.suspect.object = object->object;
      one.suspect.place = object->place;
      one.suspect.evidence = "changed " + seconds_text(lag) + " before";
      one.power = kNearer * broken_share(change) * part(object->object, touched);
      add(one);
    }
  }

  // Those that explain most come first: ten backends together more than one pool.
  void order(std::vector<const TouchedObject*>& objects) const {
    std::map<std::string, double> of_kind;
    const auto kind = [](const TouchedObject* object) {
      return object->object.substr(0, object->object.find('/'));
    };
    for (const TouchedObject* object : objects) of_kind[kind(object)] += part(object->object, objects.size());
    std::stable_sort(objects.begin(), objects.end(), [&](const auto* a, const auto* b) {
      return std::pair(of_kind[kind(a)], part(a->object, 1)) >
             std::pair(of_kind[kind(b)], part(b->object, 1));
    });
  }

  Candidate of(const ChangeMade& change, double lag) const {
    Candidate candidate;
    candidate.surprise = surprise(lag);
    candidate.suspect.generation = change.generation;
    candidate.suspect.author = change.author;
    candidate.suspect.file = change.file;
    candidate.suspect.command = going_back(change.generation, around_.running, around_.unconfirmed);
    return candidate;
  }

  // Of the services that are in trouble together, those it touched.
  double broken_share(const ChangeMade& change) const {
    const auto touched = static_cast<double>(std::count_if(
        together_.begin(), together_.end(), [&](const auto& one) { return change.touches(one); }));
    return together_.empty() ? 1 : touched / static_cast<double>(together_.size());
  }

  // Of what is wrong with this service, what one of the touched objects accounts for.
  double part(const std::string& object, std::size_t touched) const {
    return explanation_.by(object).value_or(1 / static_cast<double>(touched));
  }

  // A change that names nothing of the service is not told apart from others.
  double explained_by(const std::vector<const TouchedObject*>& objects) const {
    if (objects.empty()) return 1;
    double sum = 0;
    for (const TouchedObject* object : objects) sum += part(object->object, objects.size());
    return std::min(sum, 1.0);
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
    if (std::abs(lag) > kDriftWithin_s || follows_from_a_change(drift)) return;
    Candidate candidate;
    candidate.suspect.object = drift.object;
    candidate.suspect.file = around_.scene.file;
    candidate.suspect.evidence = drift.code + ": " + drift.message;
    candidate.suspect.command = "steadfast audit";
    candidate.power = explained_by(drift);
    candidate.surprise = surprise(lag);
    add(candidate);
  }

  // What is found soon after a change, where it touched, follows from it.
  bool follows_from_a_change(const Drift& drift) const {
    return std::any_of(around_.changes.begin(), around_.changes.end(), [&](const ChangeMade& change) {
      const double lag = drift.at_s - change.at_s;
      return is_suspect(change) && change.names(drift.object) && lag >= -kAfter_s && lag <= kDriftWithin_s;
    });
  }

  // The host and its interfaces are behind all services: the more are in trouble, the likelier.
  double explained_by(const Drift& drift) const {
    const double part = kFound * explanation_.by_drift(drift.object);
    if (drift.object != "host" && !drift.object.starts_with("interface/")) return part;
    const auto services = static_cast<double>(std::max<std::size_t>(around_.scene.services.size(), 1));
    return part * std::min(1.0, static_cast<double>(together_.size()) / services);
  }

  // One stands for all of them: what took the way to one has taken it to each.
  void look_at_backends() {
    if (sign_.verdict != "no_next_hop" || explanation_.unreachable().empty()) return;
    const auto& backends = explanation_.unreachable();
    Candidate candidate;
    candidate.suspect.object = backends.front()->object;
    candidate.suspect.file = around_.scene.file;
    candidate.suspect.place = backends.front()->place;
    candidate.suspect.evidence = "has no next hop";
    if (backends.size() > 1)
      candidate.suspect.evidence += ", nor have " + std::to_string(backends.size() - 1) + " more";
    candidate.suspect.command = doctor(candidate.suspect.object);
    candidate.power = 1;
    candidate.surprise = kUnreachable;
    add(candidate);
  }

  void look_at_cpus() {
    if (!sign_.by_configuration && sign_.detector != "T2") return;
    const Cause cause = sign_.by_configuration ? Cause::configuration : Cause::sender;
    const auto excess = around_.processors.excess(sign_.endpoint, cause);
    if (!excess) return;
    Candidate candidate;
    candidate.suspect.object = "cpu/" + std::to_string(excess->cpu);
    candidate.suspect.evidence = percent_text(excess->dropped_share) +
                                 " of the drops are on this CPU, which has " +
                                 percent_text(excess->packet_share) + " of the packets";
    candidate.suspect.command = "steadfast drops";
    candidate.power = excess->dropped_share - excess->packet_share;
    candidate.surprise = kOneCpu;
    add(candidate);
  }

  void look_at_itself() {
    Candidate candidate;
    candidate.suspect.object = sign_.object;
    candidate.suspect.file = around_.scene.file;
    if (service_ != nullptr) candidate.suspect.place = service_->place;
    if (const SceneBackend* backend = explanation_.backend(sign_.object); backend != nullptr)
      candidate.suspect.place = backend->place;
    if (sign_.by_configuration) candidate.suspect.evidence = "nothing that was changed explains it";
    candidate.suspect.command = command_for(sign_);
    candidate.power = 1;
    candidate.surprise = sign_.object.starts_with("backend/") ? kFailsByItself : kAlwaysThere;
    add(candidate);
  }

  static std::string doctor(const std::string& backend) {
    return "steadfast doctor --backend " + backend.substr(sizeof "backend/" - 1);
  }

  static std::string command_for(const Sign& sign) {
    if (sign.object.starts_with("backend/")) return doctor(sign.object);
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
  Explanation explanation_;
  const SceneService* service_ = nullptr;
  std::set<std::string> together_;
  std::vector<Candidate> candidates_;
};

}  // namespace

std::vector<Suspect> rank(const Sign& sign, const Circumstances& around) {
  return Ranking(sign, around).run();
}

}  // namespace steadfast::detect
