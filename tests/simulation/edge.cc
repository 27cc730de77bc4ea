// SPDX-License-Identifier: Apache-2.0
#include "simulation/edge.h"

#include <algorithm>
#include <cmath>

#include "health/silence.h"

namespace steadfast::simulation {
namespace {

constexpr double kFlowsPerPacket = 0.05, kStrays = 1e-5;
constexpr double kWobble = 0.02;
constexpr double kFlowsEvery_s = 10;
constexpr std::uint32_t kLinesPerPool = 200, kLinesPerBackend = 4;

std::string two_digits(std::size_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

}  // namespace

double Edge::uniform(double from, double to) {
  return std::uniform_real_distribution<double>(from, to)(random_);
}

std::size_t Edge::below(std::size_t end) {
  return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
}

std::uint64_t Edge::about(double mean) {
  return mean <= 0 ? 0 : std::poisson_distribution<std::uint64_t>(mean)(random_);
}

std::uint64_t Edge::part(std::uint64_t of, double share) {
  return std::binomial_distribution<std::uint64_t>(of, std::clamp(share, 0.0, 1.0))(random_);
}

void Edge::add_pool(std::size_t backends) {
  EdgePool pool{"p" + std::to_string(pools_.size()), {}};
  for (std::size_t i = 1; i <= backends; ++i) {
    EdgeBackend backend;
    backend.object = "backend/" + pool.name + "/" + pool.name + "-" + two_digits(i);
    backend.place = {static_cast<std::uint32_t>(1000 + kLinesPerPool * pools_.size() + kLinesPerBackend * i),
                     3};
    pool.backends.push_back(backend);
  }
  Listening& listening = listening_.emplace_back();
  listening.backends.resize(backends);
  listening.failed.resize(backends);
  listening.silent_since_s.resize(backends);
  pools_.push_back(std::move(pool));
}

void Edge::add_service(std::size_t pool, double packets_per_s) {
  EdgeService service;
  service.name = "s" + std::to_string(services_.size());
  service.endpoint = "tcp 192.0.2.1:" + std::to_string(1000 + services_.size());
  service.place = {static_cast<std::uint32_t>(20 + 8 * services_.size()), 1};
  service.pool = pool;
  service.packets_per_s = packets_per_s;
  counters_[service.endpoint] = {};
  services_.push_back(service);
}

double Edge::ring_share(const EdgePool& pool, const EdgeBackend& backend) const {
  double sum = 0;
  for (const EdgeBackend& one : pool.backends) sum += one.weight;
  return pool.has_checks_passed && sum > 0 ? backend.weight / sum : 0;
}

void Edge::show() {
  scene_ = {};
  scene_.file = "edge.toml";
  for (const EdgeService& service : services_) {
    const EdgePool& pool = pools_[service.pool];
    scene_.services[service.endpoint] = {
        "service/" + service.name, service.place,        true,
        scene_.backends.size(),    pool.backends.size(), "pool/" + pool.name};
    for (const EdgeBackend& one : pool.backends)
      scene_.backends.push_back({one.object, one.place, ring_share(pool, one), one.has_next_hop});
  }
  flows_.assign(scene_.backends.size(), 0);
  established_.assign(scene_.backends.size(), 0);
  detectors_.show(std::make_shared<detect::Scene>(scene_));
}

std::uint64_t Edge::flip(detect::ChangeMade change, bool pending) {
  change.generation = ++second_.generation;
  change.at_s = now_s_;
  second_.generation_in_kernel = change.generation;
  second_.unconfirmed.reset();
  if (pending) second_.unconfirmed = detect::Unconfirmed{change.generation};
  detectors_.note(std::move(change));
  show();
  return second_.generation;
}

std::set<std::string> Edge::endpoints_over(std::size_t pool) const {
  std::set<std::string> endpoints;
  for (const EdgeService& service : services_)
    if (service.pool == pool) endpoints.insert(service.endpoint);
  return endpoints;
}

void Edge::carry(const EdgeService& service, double length_s) {
  const EdgePool& pool = pools_[service.pool];
  double left = 0, lost = 0;
  for (const EdgeBackend& one : pool.backends) {
    left += ring_share(pool, one);
    if (!one.has_next_hop) lost += ring_share(pool, one);
  }
  std::uint64_t packets = about(service.packets_per_s * length_s * (1 + uniform(-kWobble, kWobble)));
  VerdictCounts& row = counters_[service.endpoint];
  const auto take = [&](sf_verdict verdict, double share) {
    const std::uint64_t met = part(packets, share);
    row[verdict].packets += met;
    packets -= met;
  };
  take(SF_BAD_TRANSPORT, service.sender);
  take(SF_SOURCE_DENIED, service.denied);
  if (left == 0) take(SF_NO_BACKEND, 1);
  take(SF_NO_NEXT_HOP, lost + kStrays);
  take(SF_FORWARDED, 1);
}

// Flows that failed a second ago send their SYN once more.
health::Handshakes Edge::tick(Listening& listening, std::size_t backend, const EdgeBackend& one,
                              double flows) {
  const auto tries = static_cast<std::uint32_t>(about(flows)) + listening.failed[backend];
  const double most = one.most_flows > 0 && flows > 0 ? std::min(1.0, one.most_flows / flows) : 1;
  const auto established = static_cast<std::uint32_t>(part(tries, one.completion * most));
  listening.failed[backend] = std::min(tries - established, static_cast<std::uint32_t>(flows + 1));
  return {tries, established};
}

void Edge::shake_hands(std::size_t at) {
  const EdgePool& pool = pools_[at];
  Listening& listening = listening_[at];
  double packets_per_s = 0;
  for (const EdgeService& service : services_)
    if (service.pool == at) packets_per_s += service.packets_per_s * (1 - service.denied);
  health::Handshakes sum;
  for (std::size_t i = 0; i < pool.backends.size(); ++i) {
    const EdgeBackend& one = pool.backends[i];
    const double flows = one.has_next_hop ? packets_per_s * kFlowsPerPacket * ring_share(pool, one) : 0;
    const health::Handshakes counted = tick(listening, i, one, flows);
    listening.backends[i].add(counted);
    sum.tries += counted.tries;
    sum.established += counted.established;
  }
  listening.pool.add(sum);
}

// A quarter of a pool at most: beyond it is the pool that is silent, and not they.
void Edge::find_silent(std::size_t at) {
  Listening& listening = listening_[at];
  const auto limit = std::max<std::ptrdiff_t>(1, static_cast<std::ptrdiff_t>(listening.backends.size() / 4));
  for (std::size_t i = 0; i < listening.backends.size(); ++i) {
    const auto found = health::find_silence(listening.backends[i], listening.pool);
    auto& since = listening.silent_since_s[i];
    if (!found) since.reset();
    if (found && !since &&
        std::count_if(listening.silent_since_s.begin(), listening.silent_since_s.end(),
                      [](const auto& one) { return one.has_value(); }) < limit)
      since = now_s_;
    if (since)
      second_.silent.push_back(
          {pools_[at].backends[i].object, health::text_of(*found), found->share, *since, false});
  }
}

void Edge::count_flows(double length_s) {
  std::size_t row = 0;
  for (const EdgeService& service : services_) {
    const EdgePool& pool = pools_[service.pool];
    const double packets = detached_ ? 0 : service.packets_per_s * length_s * (1 - service.denied);
    for (const EdgeBackend& one : pool.backends) {
      const double expected = packets * kFlowsPerPacket * ring_share(pool, one);
      const double most = one.most_flows > 0 ? one.most_flows * length_s / std::max(expected, 1e-9) : 1;
      const std::uint64_t flows = one.has_next_hop ? about(expected) : 0;
      flows_[row] += flows;
      established_[row++] += part(flows, one.completion * std::min(most, 1.0));
    }
  }
}

void Edge::step(double length_s) {
  now_s_ += length_s;
  if (!detached_)
    for (const EdgeService& service : services_) carry(service, length_s);
  second_.silent.clear();
  if (length_s == 1 && !detached_)
    for (std::size_t pool = 0; pool < pools_.size(); ++pool) shake_hands(pool), find_silent(pool);
  count_flows(length_s);
  second_.new_flows.clear();
  second_.established.clear();
  if (std::fmod(now_s_, kFlowsEvery_s) == 0) second_.new_flows = flows_, second_.established = established_;
  second_.now_s = now_s_;
  second_.ahead_s = kAhead_s;
  second_.services = &counters_;
  detectors_.take(second_);
}

}  // namespace steadfast::simulation
