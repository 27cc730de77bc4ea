// SPDX-License-Identifier: Apache-2.0
#include "health/watch.h"

#include <algorithm>

namespace steadfast::health {
namespace {

std::string said_by(const Track& track) {
  if (!track.last_failure()) return "";
  const ProbeResult& last = *track.last_failure();
  return std::string(name(last.outcome)) + (last.detail.empty() ? "" : ": " + last.detail);
}

Assessment failing(State state, Reason reason, const std::string& whom, const Track& track) {
  return {true, state, false, reason, whom + said_by(track), track.fails(), track.last_pass()};
}

const Track* latest(const std::vector<const Track*>& tracks) {
  const auto found = std::max_element(tracks.begin(), tracks.end(), [](const Track* a, const Track* b) {
    return a->last_time() < b->last_time();
  });
  return found == tracks.end() ? nullptr : *found;
}

// The voter of all tracks together: a pass of any since the failure is a pass.
void add(const Track& track, Voter& voter) {
  if (track.last_pass()) voter.last_pass = std::max(voter.last_pass, track.last_pass());
  if (track.fails() > 0)
    voter.failing_since = std::max(voter.failing_since, std::optional(track.failing_since()));
  if (proof_of(track.last()->outcome) != Proof::none)
    voter.last_proof = std::max(voter.last_proof, std::optional(track.last_time()));
}

}  // namespace

void Watch::take(const Target& target, const ProbeResult& result, const Health& health, Time now) {
  Track& track = target.kind == Kind::address ? address_ : paths_[target.service];
  track.take(result, health.fall, health.rise, now);
}

void Watch::keep_services(const std::vector<std::string>& services) {
  std::erase_if(paths_, [&](const auto& path) {
    return std::find(services.begin(), services.end(), path.first) == services.end();
  });
}

void Watch::forgive(Time since) {
  address_.forgive(since);
  for (auto& [service, track] : paths_) track.forgive(since);
}

// Those of them that were asked at all.
std::vector<const Track*> Watch::decisive(bool independent) const {
  std::vector<const Track*> tracks;
  if (independent && address_.last()) tracks.push_back(&address_);
  if (independent) return tracks;
  for (const auto& [service, track] : paths_) tracks.push_back(&track);
  return tracks;
}

const std::pair<const std::string, Track>* Watch::failing_path() const {
  const auto found = std::find_if(paths_.begin(), paths_.end(), [](const auto& path) {
    return path.second.standing() == Standing::failing;
  });
  return found == paths_.end() ? nullptr : &*found;
}

Assessment Watch::assess(const std::optional<Health>& health) const {
  if (!health) return {.proven = true, .reason = Reason::unprobed};
  if (const auto* path = failing_path()) {
    const bool answers = address_.has_passed_since(path->second.failing_since());
    const std::string whom = "service \"" + path->first + "\": ";
    return answers ? failing(State::deaf, Reason::path_fails, whom, path->second)
                   : failing(State::down, Reason::probes_fail, whom, path->second);
  }
  if (health->independent && address_.standing() == Standing::failing)
    return failing(State::down, Reason::probes_fail, "", address_);
  Assessment good;
  for (const Track* track : decisive(health->independent)) {
    if (track->standing() == Standing::passing) good.proven = true;
    good.fails = std::max(good.fails, track->fails());
    good.last_pass = std::max(good.last_pass, track->last_pass());
  }
  good.reason = good.proven ? Reason::passed : Reason::unproven;
  return good;
}

std::optional<Voter> Watch::voter(std::size_t pool, bool independent) const {
  const auto tracks = decisive(independent);
  const Track* newest = latest(tracks);
  if (newest == nullptr) return std::nullopt;
  Voter voter{.pool = pool};
  for (const Track* track : tracks) add(*track, voter);
  voter.local_error = proof_of(newest->last()->outcome) == Proof::none;
  voter.failing = voter.failing_since && voter.last_pass < voter.failing_since;
  return voter;
}

std::optional<ProbeResult> Watch::last(bool independent) const {
  const Track* newest = latest(decisive(independent));
  return newest == nullptr ? std::nullopt : newest->last();
}

}  // namespace steadfast::health
