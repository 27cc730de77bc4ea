// SPDX-License-Identifier: Apache-2.0
#include "compile/precedence.h"

#include <algorithm>
#include <map>
#include <utility>

#include "compile/nesting.h"

namespace steadfast {
namespace {

constexpr std::uint32_t kPortBits = 16;

bool takes(const Service& service, Protocol protocol, const Point& point) {
  return service.state == ServiceState::active && service.protocol == protocol &&
         service.vip_prefix().contains(point.address) && point.port >= *service.port &&
         point.port <= service.last_port;
}

// Of services of one family and protocol; values are indices + 1.
void add_points(const Precedence& precedence, Family family, std::vector<std::optional<Point>>& points) {
  std::vector<bool> seen(precedence.prefixes() + 1);
  for (const Step& at : precedence.addresses()) {
    if (at.value == 0 || seen[at.value]) continue;
    seen[at.value] = true;
    for (const Step& from : precedence.ports(at.value)) {
      if (from.value == 0 || points[from.value - 1]) continue;
      points[from.value - 1] =
          Point{address_of(at.first, family), static_cast<std::uint16_t>(from.first.low)};
    }
  }
}

}  // namespace

Precedence::Precedence(const Model& model, Family family, const std::vector<std::size_t>& services,
                       const std::vector<std::uint32_t>& values)
    : model_(model), family_(family), values_(values) {
  std::map<Prefix, std::vector<std::size_t>> by_prefix;
  for (const std::size_t i : services) by_prefix[model.services[i].vip_prefix()].push_back(i);
  std::vector<Prefix> prefixes;
  prefixes.reserve(by_prefix.size());
  for (const auto& [prefix, owned] : by_prefix) prefixes.push_back(prefix);
  const auto holders = holders_of(prefixes);
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    const auto parent = static_cast<std::uint32_t>(holders[i] == kNoHolder ? 0 : holders[i] + 1);
    nodes_.push_back({prefixes[i], parent, std::move(by_prefix[prefixes[i]])});
  }
}

std::vector<Step> Precedence::addresses() const {
  std::vector<Interval> intervals;
  for (std::uint32_t node = 1; node < nodes_.size(); ++node) {
    const Prefix& prefix = nodes_[node].prefix;
    intervals.push_back({first_key(prefix), last_key(prefix), prefix.length, node});
  }
  return flatten(std::move(intervals), 0, last_key(family_));
}

std::vector<Step> Precedence::ports(std::uint32_t prefix) const {
  std::vector<Interval> intervals;
  for (std::uint32_t node = prefix; node != 0; node = nodes_[node].parent) {
    for (const std::size_t i : nodes_[node].services) {
      const Service& service = model_.services[i];
      intervals.push_back({{0, *service.port}, {0, service.last_port}, rank_of(service), values_[i]});
    }
  }
  return flatten(std::move(intervals), 0, kLastPortKey);
}

std::uint32_t rank_of(const Service& service) {
  const std::uint32_t width = std::uint32_t{service.last_port} - *service.port;
  return service.vip_bits << kPortBits | ((1u << kPortBits) - 1 - width);
}

std::vector<std::optional<Point>> reached_at(const Model& model) {
  std::vector<std::optional<Point>> points(model.services.size());
  std::vector<std::uint32_t> numbers(model.services.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<std::uint32_t>(i + 1);
  for (const Family family : {Family::v4, Family::v6}) {
    for (const Protocol protocol : {Protocol::tcp, Protocol::udp}) {
      std::vector<std::size_t> services;
      for (std::size_t i = 0; i < model.services.size(); ++i) {
        const Service& service = model.services[i];
        if (service.state == ServiceState::active && service.protocol == protocol &&
            service.vip->family == family)
          services.push_back(i);
      }
      add_points(Precedence(model, family, services, numbers), family, points);
    }
  }
  return points;
}

const Service* owner_of(const Model& model, Protocol protocol, const Point& point) {
  const Service* owner = nullptr;
  for (const Service& service : model.services) {
    if (!takes(service, protocol, point)) continue;
    if (owner == nullptr || rank_of(service) > rank_of(*owner)) owner = &service;
  }
  return owner;
}

bool meet(const Service& a, const Service& b) {
  return a.protocol == b.protocol &&
         (holds(a.vip_prefix(), b.vip_prefix()) || holds(b.vip_prefix(), a.vip_prefix())) &&
         *a.port <= b.last_port && *b.port <= a.last_port;
}

bool covers(const Service& outer, const Service& inner) {
  return outer.protocol == inner.protocol && holds(outer.vip_prefix(), inner.vip_prefix()) &&
         *outer.port <= *inner.port && outer.last_port >= inner.last_port;
}

}  // namespace steadfast
