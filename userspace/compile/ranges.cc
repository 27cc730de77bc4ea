// SPDX-License-Identifier: Apache-2.0
#include "compile/ranges.h"

#include <algorithm>
#include <map>
#include <utility>

#include "compile/precedence.h"

namespace steadfast {
namespace {

std::size_t family_index(Family family) { return family == Family::v4 ? 0 : 1; }

class RangeBuilder {
 public:
  RangeBuilder(const Model& model, const std::vector<std::uint32_t>& ids, const BackendId& backend_id)
      : model_(model), ids_(ids), backend_id_(backend_id) {}

  // The spans of `prefixes` come first: where any port list is, row 0 is no part of it.
  RangeTable run() {
    for (const Family family : {Family::v4, Family::v6}) add_prefixes(family);
    for (const Family family : {Family::v4, Family::v6})
      for (const Protocol protocol : {Protocol::tcp, Protocol::udp}) add_wide(family, protocol);
    const std::uint32_t last = ids_.empty() ? 0 : *std::max_element(ids_.begin(), ids_.end());
    table_.sources.resize(last + 1);
    table_.server_ids.resize(last + 1);
    for (std::size_t i = 0; i < ids_.size() && !is_full(); ++i)
      if (ids_[i] != 0) add_lists(i);
    return std::move(table_);
  }

 private:
  bool is_full() const { return table_.rows.size() > SF_RANGES_MAX; }

  bool is_wide(std::size_t service, Family family) const {
    return ids_[service] != 0 && !model_.services[service].is_exact() &&
           model_.services[service].vip->family == family;
  }

  void push(RangeKey key, std::uint32_t value, std::uint32_t count) {
    table_.rows.push_back({{key.high, key.low}, value, count});
  }

  // Equal lists are one list.
  sf_span place(const std::vector<Step>& steps) {
    const auto [known, is_new] = lists_.try_emplace(steps);
    if (!is_new) return known->second;
    known->second = {static_cast<__u32>(table_.rows.size()), static_cast<__u32>(steps.size())};
    for (const Step& step : steps) push(step.first, step.value, 0);
    return known->second;
  }

  // Of several services with one prefix the narrowest counts what has no port, and
  // of two as narrow the one with the lower id.
  void add_prefixes(Family family) {
    std::vector<Interval> intervals;
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      const Service& service = model_.services[i];
      if (!is_wide(i, family)) continue;
      intervals.push_back(
          {first_key(service.vip_prefix()), last_key(service.vip_prefix()), rank_of(service), ids_[i]});
    }
    if (!intervals.empty())
      table_.prefixes[family_index(family)] = place(flatten(std::move(intervals), 0, last_key(family)));
  }

  void add_wide(Family family, Protocol protocol) {
    std::vector<std::size_t> services;
    for (std::size_t i = 0; i < ids_.size(); ++i)
      if (is_wide(i, family) && model_.services[i].protocol == protocol) services.push_back(i);
    if (!services.empty())
      table_.wide[family_index(family)][protocol == Protocol::tcp ? 0 : 1] =
          place_addresses(Precedence(model_, family, services, ids_));
  }

  sf_span place_addresses(const Precedence& precedence) {
    std::vector<sf_span> ports(precedence.prefixes() + 1);
    for (std::uint32_t i = 1; i < ports.size() && !is_full(); ++i) ports[i] = place(precedence.ports(i));
    sf_span span{static_cast<__u32>(table_.rows.size()), 0};
    for (const Step& step : precedence.addresses()) {
      push(step.first, ports[step.value].first, ports[step.value].count);
      ++span.count;
    }
    return span;
  }

  void add_lists(std::size_t service) {
    const Service& from = model_.services[service];
    if (!from.allow.empty() || !from.deny.empty()) table_.sources[ids_[service]] = place(source_steps(from));
    if (from.quic) table_.server_ids[ids_[service]] = place(server_ids(service));
  }

  // No background: here a key must match exactly.
  std::vector<Step> server_ids(std::size_t service) const {
    const auto& backends = model_.pool_of(model_.services[service]).backends;
    std::vector<Step> steps;
    for (std::size_t i = 0; i < backends.size(); ++i) {
      if (!backends[i].server_id) continue;
      if (const std::uint32_t id = backend_id_(service, i))
        steps.push_back({{0, **backends[i].server_id}, id});
    }
    std::sort(steps.begin(), steps.end());
    return steps;
  }

  const Model& model_;
  const std::vector<std::uint32_t>& ids_;
  const BackendId& backend_id_;
  RangeTable table_;
  std::map<std::vector<Step>, sf_span> lists_;
};

bool needs_rows(const Service& service) {
  return !service.is_exact() || !service.allow.empty() || !service.deny.empty() || service.quic;
}

}  // namespace

std::vector<Step> source_steps(const Service& service) {
  std::vector<Interval> intervals;
  const auto add = [&](const std::vector<Located<Prefix>>& prefixes, std::uint32_t value) {
    for (const auto& prefix : prefixes)
      intervals.push_back({first_key(*prefix), last_key(*prefix), prefix->length, value});
  };
  add(service.allow, 0);
  add(service.deny, SF_SOURCE_DENIED);
  return flatten(std::move(intervals), service.allow.empty() ? 0 : SF_SOURCE_NOT_ALLOWED,
                 last_key(service.vip->family));
}

RangeTable build_ranges(const Model& model, const std::vector<std::uint32_t>& service_ids,
                        const BackendId& backend_id) {
  return RangeBuilder(model, service_ids, backend_id).run();
}

std::size_t range_rows_needed(const Model& model) {
  if (std::none_of(model.services.begin(), model.services.end(), needs_rows)) return 0;
  std::vector<std::uint32_t> ids(model.services.size());
  std::vector<std::uint32_t> first_backend(model.services.size());
  std::uint32_t backends = 1;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Service& service = model.services[i];
    first_backend[i] = backends;
    backends += static_cast<std::uint32_t>(model.pool_of(service).backends.size());
    if (service.state == ServiceState::active) ids[i] = static_cast<std::uint32_t>(i + 1);
  }
  const BackendId backend_id = [&](std::size_t service, std::size_t backend) {
    const Backend& member = model.pool_of(model.services[service]).backends[backend];
    return member.state == BackendState::disabled
               ? 0
               : first_backend[service] + static_cast<std::uint32_t>(backend);
  };
  return build_ranges(model, ids, backend_id).rows.size();
}

}  // namespace steadfast
