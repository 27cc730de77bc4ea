// SPDX-License-Identifier: Apache-2.0
#include "health/pool_watch.h"

#include <algorithm>
#include <utility>

#include "health/silence.h"

namespace steadfast::health {
namespace {

Member new_member(const Backend& backend) {
  Member member;
  member.name = backend.name;
  member.address = *backend.address;
  return member;
}

// The flows of before a drain began are no sign of its end.
void take_file(const Backend& backend, Member& member) {
  const bool active = backend.takes_new_flows();
  if (member.active && !active) member.flows.reset();
  member.weight = *backend.weight;
  member.file_state = backend.state;
  member.active = active;
}

}  // namespace

void PoolWatch::adopt(const Pool& pool, std::vector<std::string> services, bool comparable) {
  std::vector<Member> members;
  for (const Backend& backend : pool.backends) {
    Member* old = find(backend.name);
    const bool stays = old != nullptr && old->address == *backend.address;
    Member member = stays ? std::move(*old) : new_member(backend);
    take_file(backend, member);
    member.watch.keep_services(services);
    members.push_back(std::move(member));
  }
  members_ = std::move(members);
  pool_ = pool;
  services_ = std::move(services);
  comparable_ = comparable;
  places_.clear();
  for (std::size_t i = 0; i < members_.size(); ++i) places_[members_[i].name] = i;
}

Member* PoolWatch::find(const std::string& backend) {
  const auto found = places_.find(backend);
  return found == places_.end() ? nullptr : &members_[found->second];
}

// A probe may end after the change that removed its target: it is of no use then.
void PoolWatch::take(const Target& target, const ProbeResult& result, Time now) {
  Member* member = find(target.backend);
  if (member == nullptr || !pool_.health) return;
  if (target.kind == Kind::path &&
      std::find(services_.begin(), services_.end(), target.service) == services_.end())
    return;
  member->watch.take(target, result, *pool_.health, now);
}

// Past the pace: it was paid for when it went out.
void PoolWatch::begin_out(const std::string& backend) {
  if (Member* member = find(backend)) member->in = false;
}

void PoolWatch::count(const std::string& backend, const HandshakeTotals& totals) {
  if (Member* member = find(backend)) member->totals = totals;
  counted_ = true;
}

void PoolWatch::count(std::size_t backend, const HandshakeTotals& totals) {
  members_[backend].totals = totals;
  counted_ = true;
}

void PoolWatch::set_flows(const std::string& backend, FlowsLeft flows) {
  if (Member* member = find(backend)) member->flows = flows;
}

void PoolWatch::count_handshakes() {
  Handshakes sum;
  for (Member& member : members_) {
    const Handshakes tick = member.take_handshakes();
    member.handshakes.add(tick);
    sum.tries += tick.tries;
    sum.established += tick.established;
  }
  handshakes_.add(sum);
}

void PoolWatch::compare(bool frozen, Time now) {
  if (!std::exchange(counted_, false) || !comparable_) return;
  count_handshakes();
  if (!frozen) eject_silent(now);
}

// The passive signal alone takes out a quarter of the pool at most (and one of a
// small pool): when more are silent, the pool or the way back is, and not they.
void PoolWatch::eject_silent(Time now) {
  std::vector<std::pair<Silence, Member*>> silent;
  std::size_t ejected = 0;
  for (Member& member : members_) {
    member.together = false;
    if (!member.active) continue;
    if (const auto found = find_silence(member.handshakes, handshakes_); found && member.in)
      silent.emplace_back(*found, &member);
    else if (member.trial.phase() != Trial::Phase::trusted)
      ++ejected;
  }
  std::sort(silent.begin(), silent.end(),
            [](const auto& a, const auto& b) { return a.first.evidence > b.first.evidence; });
  const std::size_t limit = std::max<std::size_t>(1, active() / 4);
  for (const auto& [found, member] : silent) {
    member->silence = text_of(found);
    member->together = ejected >= limit && member->trial.phase() == Trial::Phase::trusted;
    if (member->together) continue;
    if (member->trial.phase() != Trial::Phase::resting) member->trial.eject(now);
    ++ejected;
  }
  for (Member& member : members_) tick_trial(member, now);
}

void PoolWatch::tick_trial(Member& member, Time now) {
  const unsigned ticks = member.handshakes.ticks();
  const Handshakes own = member.handshakes.last(ticks);
  const Handshakes others = handshakes_.last(std::min(ticks, handshakes_.ticks())) - own;
  const bool probes_fail = member.watch.assess(pool_.health).failing;
  if (member.trial.tick(probes_fail, own, others, now)) member.handshakes.forget();
}

void PoolWatch::assess() {
  for (Member& member : members_) {
    member.assessment = member.watch.assess(pool_.health);
    if (member.is_trying()) member.assessment.proven = false;
    if (member.assessment.failing || member.trial.phase() != Trial::Phase::resting) continue;
    member.assessment.failing = true;
    member.assessment.state = State::deaf;
    member.assessment.reason = Reason::silent;
    member.assessment.detail = member.silence;
  }
}

std::vector<Candidate> PoolWatch::candidates(const std::vector<std::size_t>& active) const {
  std::vector<Candidate> list;
  for (const std::size_t i : active) {
    const Member& m = members_[i];
    list.push_back({m.assessment.failing, m.assessment.proven, m.in, m.assessment.last_pass,
                    m.assessment.fails, m.completion(), m.weight});
  }
  return list;
}

void PoolWatch::keep_or_take_out(const std::vector<std::size_t>& active, Time now) {
  const std::vector<Candidate> list = candidates(active);
  const std::vector<std::size_t> kept = kept_by_floor(list, floor_of(pool_, active.size()));
  auto serving = static_cast<std::size_t>(
      std::count_if(active.begin(), active.end(), [&](std::size_t i) { return members_[i].in; }));
  for (const std::size_t at : worst_first(list)) {
    Member& member = members_[active[at]];
    const bool floor = std::find(kept.begin(), kept.end(), at) != kept.end();
    member.kept = floor ? Reason::floor : Reason::pace;
    if (floor)
      member.in = true;
    else if (member.in && pace_.take(active.size(), serving, now)) {
      member.in = false;
      --serving;
    }
  }
}

void PoolWatch::decide(bool frozen, Time now) {
  std::vector<std::size_t> active;
  for (std::size_t i = 0; i < members_.size(); ++i)
    if (members_[i].active) active.push_back(i);
  for (const std::size_t i : active) {
    if (frozen)
      members_[i].kept = Reason::local_cause;
    else if (!members_[i].assessment.failing)
      members_[i].in = true;
  }
  if (!frozen) keep_or_take_out(active, now);
  for (Member& member : members_) member.note_return(now);
}

void PoolWatch::settle(Time now, std::vector<Event>& events) {
  for (Member& member : members_) {
    const State from = member.state;
    const bool was_new = member.is_new;
    member.settle(now);
    if (was_new || member.state == from) continue;
    events.push_back({now, pool_.name, member.name, from, member.state, member.reason, member.detail});
  }
}

void PoolWatch::add_voters(std::size_t pool, std::vector<Voter>& voters) const {
  if (!pool_.health) return;
  for (const Member& member : members_)
    if (const auto voter = member.watch.voter(pool, pool_.health->independent); voter && member.active)
      voters.push_back(*voter);
}

bool PoolWatch::has_fallen() const {
  return std::any_of(members_.begin(), members_.end(), [](const Member& m) {
    return m.active && m.in && m.assessment.failing && m.state != State::held;
  });
}

void PoolWatch::forgive(Time since) {
  for (Member& member : members_) member.watch.forgive(since);
}

std::size_t PoolWatch::active() const {
  return static_cast<std::size_t>(
      std::count_if(members_.begin(), members_.end(), [](const Member& m) { return m.active; }));
}

std::size_t PoolWatch::healthy() const {
  return static_cast<std::size_t>(std::count_if(
      members_.begin(), members_.end(), [](const Member& m) { return m.active && !m.assessment.failing; }));
}

bool PoolWatch::on_floor() const {
  return std::any_of(members_.begin(), members_.end(),
                     [](const Member& m) { return m.state == State::held && m.reason == Reason::floor; });
}

bool PoolWatch::together() const {
  return std::any_of(members_.begin(), members_.end(), [](const Member& m) { return m.together; });
}

}  // namespace steadfast::health
