// SPDX-License-Identifier: Apache-2.0
#include "health/board.h"

#include <algorithm>
#include <utility>

namespace steadfast::health {
namespace {

struct Users {
  std::vector<std::string> services;
  bool comparable = true;
};

// One client's flows must be spread over the pool, each with a handshake that is remembered.
bool is_comparable(const Service& service) {
  return service.protocol != Protocol::tcp ||
         (service.hash == HashMode::five_tuple && service.remembers_flows);
}

std::vector<Users> users_of(const Model& model) {
  std::vector<Users> users(model.pools.size());
  for (const Service& service : model.services) {
    if (service.state != ServiceState::active) continue;
    users[service.pool].services.push_back(service.name);
    users[service.pool].comparable &= is_comparable(service);
  }
  return users;
}

Overlay overlay_of(const std::vector<PoolWatch>& pools, Time now) {
  Overlay overlay;
  for (const PoolWatch& pool : pools)
    for (const Member& member : pool.members()) {
      const Share share = member.share(now);
      if (member.active && !share.as_the_file_says())
        overlay.shares.emplace(std::pair(pool.pool().name, member.name), share);
    }
  return overlay;
}

}  // namespace

PoolWatch* Board::find(const std::string& pool) {
  const auto found = places_.find(pool);
  return found == places_.end() ? nullptr : &pools_[found->second];
}

void Board::adopt(const Model& model, Time now) {
  const std::vector<Users> users = users_of(model);
  std::vector<PoolWatch> pools;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < model.pools.size(); ++i) {
    PoolWatch* old = find(model.pools[i].name);
    pools.push_back(old == nullptr ? PoolWatch() : std::move(*old));
    pools.back().adopt(model.pools[i], users[i].services, users[i].comparable);
    places[model.pools[i].name] = i;
  }
  pools_ = std::move(pools);
  places_ = std::move(places);
  decide(now);
}

void Board::take(const Target& target, const ProbeResult& result, Time now) {
  if (PoolWatch* pool = find(target.pool)) pool->take(target, result, now);
}

void Board::begin_out(const std::string& pool, const std::string& backend) {
  if (PoolWatch* found = find(pool)) found->begin_out(backend);
}

void Board::count(const std::string& pool, const std::string& backend, const HandshakeTotals& totals) {
  if (PoolWatch* found = find(pool)) found->count(backend, totals);
}

void Board::count(std::size_t pool, std::size_t backend, const HandshakeTotals& totals) {
  pools_[pool].count(backend, totals);
}

void Board::set_flows(const std::string& pool, const std::string& backend, FlowsLeft flows) {
  if (PoolWatch* found = find(pool)) found->set_flows(backend, flows);
}

// What failed during a freeze is void when it ends: else everybody would go out at
// the first pass of anybody.
void Board::judge_cause(Time now) {
  std::vector<Voter> voters;
  for (std::size_t i = 0; i < pools_.size(); ++i) pools_[i].add_voters(i, voters);
  const bool fallen =
      std::any_of(pools_.begin(), pools_.end(), [](const PoolWatch& p) { return p.has_fallen(); });
  const bool was_frozen = cause_.is_frozen();
  cause_.tick(voters, fallen, now);
  if (!was_frozen || cause_.is_frozen()) return;
  for (PoolWatch& pool : pools_) {
    pool.forgive(cause_.began());
    pool.assess();
  }
}

void Board::tick(Time now) {
  for (PoolWatch& pool : pools_) pool.compare(cause_.is_frozen(), now);
  decide(now);
}

void Board::decide(Time now) {
  for (PoolWatch& pool : pools_) pool.assess();
  judge_cause(now);
  for (PoolWatch& pool : pools_) {
    pool.decide(cause_.is_frozen(), now);
    pool.settle(now, events_);
  }
  overlay_ = overlay_of(pools_, now);
}

std::optional<Overlay> Board::due(Time now) {
  if (!publisher_.is_due(overlay_, now)) return std::nullopt;
  publisher_.attempted(now);
  return overlay_;
}

std::vector<Event> Board::take_events() { return std::exchange(events_, {}); }

}  // namespace steadfast::health
