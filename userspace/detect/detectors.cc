// SPDX-License-Identifier: Apache-2.0
#include "detect/detectors.h"

#include <algorithm>
#include <cmath>

#include "detect/going_back.h"
#include "detect/rank.h"
#include "detect/sentence.h"

namespace steadfast::detect {
namespace {

constexpr std::size_t kChangesKept = 16, kDriftsKept = 64;
constexpr double kDriftKept_s = 120;
// What began so long before the flip began with it: seconds are whole.
constexpr double kFlipWithin_s = 1;
// When so many of the services that a change left alone suffer alike, it is not the change.
constexpr double kShared = 0.5;

bool is_same(const Drift& a, const Drift& b) {
  return a.code == b.code && a.object == b.object && (b.at_s == 0 || std::abs(a.at_s - b.at_s) < 1);
}

bool began_with(const ChangeMade& change, const Sign& sign) {
  return sign.since_s >= change.at_s - kFlipWithin_s;
}

// A service is silent because of anything that leads to it, a backend because of itself.
bool is_silent_by(const ChangeMade& change, const Sign& sign) {
  return sign.object.starts_with("service/") ? change.touches(sign.endpoint) : change.names(sign.object);
}

// As many that it left alone fell silent since: then it is not the change.
bool fell_with_others(const std::vector<Sign>& all, const ChangeMade& change) {
  std::size_t touched = 0, others = 0;
  for (const Sign& sign : all)
    if (sign.detector == "T3" && began_with(change, sign)) ++(is_silent_by(change, sign) ? touched : others);
  return others >= touched;
}

}  // namespace

void Detectors::show(std::shared_ptr<const Scene> scene) {
  // A pool that falls silent changes its health again and again: that must not restart
  // the window in which its silence is counted.
  if (!scene->has_rows_of(*scene_)) answers_.begin_anew();
  scene_ = std::move(scene);
  spread_.begin_anew();
  invariants_.begin_anew();
}

void Detectors::note(ChangeMade change) {
  changes_.push_back(std::move(change));
  if (changes_.size() > kChangesKept) changes_.pop_front();
  drops_.mark();
}

void Detectors::remember(const std::vector<Drift>& drifts, double now_s) {
  std::erase_if(drifts_, [&](const Drift& known) {
    const bool lasts =
        std::any_of(drifts.begin(), drifts.end(), [&](const Drift& drift) { return is_same(known, drift); });
    return !lasts && now_s - known.at_s > kDriftKept_s;
  });
  for (const Drift& drift : drifts) {
    if (std::any_of(drifts_.begin(), drifts_.end(),
                    [&](const Drift& known) { return is_same(known, drift); }))
      continue;
    drifts_.push_back(drift);
    if (drift.at_s == 0) drifts_.back().at_s = now_s;
  }
  while (drifts_.size() > kDriftsKept) drifts_.pop_front();
}

void Detectors::take(const Second& second) {
  remember(second.drifts, second.now_s);
  if (!second.unconfirmed) drops_.unmark();
  drops_.take(*second.services);
  if (second.host != nullptr) drops_.take_host(*second.host);
  processors_.take(second.cpus);
  const std::vector<Sign> all = signs(second);
  standing_.renew_commands([&](std::uint64_t generation) {
    return going_back(generation, second.generation, second.unconfirmed ? second.unconfirmed->generation : 0);
  });
  standing_.take(all, second.now_s, [&](const Sign& sign) { return describe(sign, all, second); });
  judge_change(all, second);
}

std::vector<Sign> Detectors::signs(const Second& second) {
  std::vector<Sign> all = invariants_.take(second, *scene_, drops_);
  add_drops(second, all);
  add_silent(second, all);
  for (auto&& more : {answers_.take(second, *scene_), spread_.take(second, *scene_),
                      volume_.take(second, *scene_), forecast_.take(second)})
    all.insert(all.end(), more.begin(), more.end());
  std::erase_if(all, [&](const Sign& sign) { return without_.detectors.contains(sign.detector); });
  return all;
}

// While a generation is unconfirmed less evidence is enough, on what it touched.
void Detectors::add_drops(const Second& second, std::vector<Sign>& signs) const {
  if (const ChangeMade* change = unconfirmed(second))
    for (const DropAlarm& drop :
         drops_.risen(without_.sooner ? kConfigurationRise.threshold : kUnconfirmedThreshold))
      if (change->touches(drop.endpoint)) add(drop, second, signs);
  for (const DropAlarm& drop : drops_.alarms()) add(drop, second, signs);
}

void Detectors::add(const DropAlarm& drop, const Second& second, std::vector<Sign>& signs) const {
  const auto service = scene_->services.find(drop.endpoint);
  if (service == scene_->services.end() && !drop.endpoint.empty()) return;
  const std::string object = drop.endpoint.empty() ? "host" : service->second.object;
  const bool by_configuration = drop.cause == Cause::configuration;
  signs.push_back({by_configuration ? "T1" : "T2",
                   by_configuration ? Severity::page : Severity::warn,
                   object,
                   drop.endpoint,
                   std::string(label(drop.verdict)),
                   drop.share,
                   second.now_s - drop.since_s,
                   {},
                   by_configuration});
}

void Detectors::add_silent(const Second& second, std::vector<Sign>& signs) const {
  for (const SilentBackend& one : second.silent)
    signs.push_back({"T3", one.serves ? Severity::page : Severity::warn, one.object,
                     scene_->endpoint_of(one.object), "silent", 1 - one.completion, one.since_s,
                     "users' handshakes with it are not completed" +
                         (one.detail.empty() ? std::string() : " (" + one.detail + ")")});
}

Alarm Detectors::describe(const Sign& sign, const std::vector<Sign>& all, const Second& second) const {
  Alarm alarm;
  alarm.key = sign.key();
  alarm.detector = sign.detector;
  alarm.severity = sign.severity;
  alarm.object = sign.object;
  alarm.verdict = sign.verdict;
  alarm.share = sign.share;
  alarm.since_s = sign.since_s + second.ahead_s;
  alarm.raised_s = second.now_s + second.ahead_s;
  static const std::deque<ChangeMade> no_changes;
  static const std::deque<Drift> no_drifts;
  const std::uint64_t pending = second.unconfirmed ? second.unconfirmed->generation : 0;
  alarm.suspects =
      rank(sign, {*scene_, without_.changes ? no_changes : changes_, without_.drift ? no_drifts : drifts_,
                  all, processors_, second.generation, pending});
  alarm.sentence = sentence(sign, alarm);
  return alarm;
}

const ChangeMade* Detectors::unconfirmed(const Second& second) const {
  if (!second.unconfirmed) return nullptr;
  const auto found = std::find_if(changes_.rbegin(), changes_.rend(), [&](const ChangeMade& change) {
    return change.generation == second.unconfirmed->generation;
  });
  return found == changes_.rend() ? nullptr : &*found;
}

bool Detectors::is_shared(const Sign& sign, const ChangeMade& change) const {
  const auto risen = drops_.risen(kUnconfirmedThreshold);
  std::size_t others = 0, alike = 0;
  for (const auto& one : scene_->services) {
    if (change.touches(one.first) || drops_.recent_packets(one.first) < 1) continue;
    ++others;
    alike += static_cast<std::size_t>(std::any_of(risen.begin(), risen.end(), [&](const DropAlarm& drop) {
      return drop.endpoint == one.first && label(drop.verdict) == sign.verdict &&
             2 * drop.share >= sign.share;
    }));
  }
  return others > 0 && static_cast<double>(alike) >= kShared * static_cast<double>(others);
}

// A backend that falls silent may do so by itself, unless the change put it there.
bool Detectors::may_have_caused(const ChangeMade& change, const Sign& sign,
                                const std::vector<Sign>& all) const {
  if (!began_with(change, sign)) return false;
  if (sign.detector == "T3")
    return is_silent_by(change, sign) && (without_.untouched || !fell_with_others(all, change));
  return sign.by_configuration && change.touches(sign.endpoint) &&
         (without_.untouched || !is_shared(sign, change));
}

// Noise is the sender's and never judged; what began before the flip is not the change,
// but what the change has made worse begins anew.
void Detectors::judge_change(const std::vector<Sign>& all, const Second& second) {
  const ChangeMade* change = unconfirmed(second);
  if (change == nullptr) return;
  for (const Sign& sign : all) {
    if (!may_have_caused(*change, sign, all)) continue;
    Standing::One& one = standing_.of(sign);
    if (!began_with(*change, one.sign)) one = {sign, describe(sign, all, second), second.now_s};
    one.harm_of = change->generation;
    one.alarm.rolls_back = true;
    one.alarm.severity = Severity::page;
  }
}

const Alarm* Detectors::harm(std::uint64_t generation) const {
  for (const Standing::One& one : standing_.all())
    if (one.harm_of == generation) return &one.alarm;
  return nullptr;
}

}  // namespace steadfast::detect
