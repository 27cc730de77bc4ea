// SPDX-License-Identifier: Apache-2.0
#include <unordered_map>
#include <utility>

#include "base/bug.h"
#include "config/schema_rules.h"
#include "config/suggest.h"
#include "config/table_reader.h"
#include "model/draft.h"
#include "model/model.h"
#include "model/names.h"

namespace steadfast {
namespace {

using config::in_quotes;

template <typename Number>
Located<Number> number(const config::Integer& value) {
  return {static_cast<Number>(*value), value.place};
}

template <typename Number>
std::optional<Located<Number>> number(const std::optional<config::Integer>& value) {
  if (!value) return std::nullopt;
  return number<Number>(*value);
}

std::optional<std::uint16_t> plain(const std::optional<config::Integer>& value) {
  if (!value) return std::nullopt;
  return static_cast<std::uint16_t>(**value);
}

Located<Address> address(const config::Text& text) {
  const auto parsed = Address::parse(*text);
  invariant(parsed.has_value(), "config let a text pass that is no address");
  return {*parsed, text.place};
}

Host build_host(const config::Host& from) {
  Host host;
  host.interfaces = from.interfaces;
  host.xdp_mode = value_of(kXdpModes, **from.xdp_mode);
  for (const config::Text& source : from.source) {
    const auto prefix = Prefix::parse(*source);
    invariant(prefix.has_value(), "config let a text pass that is no source");
    (prefix->address.is_v4() ? host.source_v4 : host.source_v6) = Located<Prefix>(*prefix, source.place);
  }
  host.hash_seed = **from.hash_seed;
  if (from.gue_port) host.gue_port = static_cast<std::uint16_t>(**from.gue_port);
  if (from.gue_port) host.gue_port_place = from.gue_port->place;
  host.mtu = plain(from.mtu);
  if (from.mtu) host.mtu_place = from.mtu->place;
  if (from.echo_per_second) host.echo_per_second = static_cast<std::uint32_t>(**from.echo_per_second);
  if (from.too_big_per_second)
    host.too_big_per_second = static_cast<std::uint32_t>(**from.too_big_per_second);
  if (from.audit_tables) host.audit_tables = value_of(kAuditActions, **from.audit_tables);
  if (from.audit_program) host.audit_program = value_of(kAuditActions, **from.audit_program);
  host.place = from.place;
  return host;
}

Limits build_limits(const config::Limits& from) {
  Limits limits;
  limits.services = number<std::uint32_t>(*from.services);
  limits.backends = number<std::uint32_t>(*from.backends);
  limits.flows = number<std::uint64_t>(*from.flows);
  if (from.ranges) limits.ranges = number<std::uint32_t>(*from.ranges);
  return limits;
}

Health build_health(const config::Health& from) {
  Health health;
  health.type = value_of(kHealthTypes, **from.type);
  health.interval = **from.interval;
  health.timeout = **from.timeout;
  health.fall = static_cast<unsigned>(**from.fall);
  health.rise = static_cast<unsigned>(**from.rise);
  health.port = number<std::uint16_t>(from.port);
  health.path = from.path ? **from.path : "/";
  if (from.host) health.host = **from.host;
  health.independent = from.independent && **from.independent;
  health.place = from.place;
  return health;
}

Backend build_backend(const config::Backend& from) {
  Backend backend;
  backend.name = **from.name;
  backend.address = address(*from.address);
  backend.weight = number<std::uint32_t>(*from.weight);
  if (from.state) backend.state = value_of(kBackendStates, **from.state);
  backend.port = number<std::uint16_t>(from.port);
  backend.capacity = number<std::uint64_t>(from.capacity);
  backend.server_id = number<std::uint64_t>(from.server_id);
  for (const auto& [key, value] : from.labels) backend.labels.emplace(key, *value);
  backend.place = from.place;
  return backend;
}

Pool build_pool(const config::Pool& from) {
  Pool pool;
  pool.name = **from.name;
  pool.min_healthy = from.min_healthy;
  pool.min_backends = number<std::uint32_t>(from.min_backends);
  if (from.max_share) pool.max_share = Located<double>(**from.max_share / 100, from.max_share->place);
  if (from.health && from.health->whole) pool.health = build_health(*from.health);
  pool.backends.reserve(from.backends.size());
  for (const config::Backend& backend : from.backends)
    if (backend.whole) pool.backends.push_back(build_backend(backend));
  pool.place = from.place;
  return pool;
}

Located<Prefix> prefix(const config::Text& text) {
  const auto parsed = Prefix::parse(*text);
  invariant(parsed.has_value(), "config let a text pass that is no prefix");
  return {*parsed, text.place};
}

void set_endpoint(Service& service, const config::Service& from) {
  const Prefix vip = *prefix(*from.vip);
  service.vip = {vip.address, from.vip->place};
  service.vip_bits = vip.length;
  service.protocol = value_of(kProtocols, **from.protocol);
  service.port = {from.port->value.first, from.port->place};
  service.last_port = from.port->value.last;
}

void set_flows(Service& service, const config::Service& from) {
  service.remembers_flows = !from.flows || **from.flows == "track";
  if (from.hash) service.hash = value_of(kHashModes, **from.hash);
  if (service.protocol == Protocol::udp && service.remembers_flows) service.idle_s = kUdpIdle_s;
  if (from.idle) service.idle_s = static_cast<std::uint16_t>(from.idle->value.count() / 1000);
  service.new_flows_per_source = number<std::uint32_t>(from.new_flows_per_source);
}

Quic build_quic(const config::Quic& from) {
  Quic quic;
  quic.server_id_bytes = static_cast<unsigned>(**from.server_id_bytes);
  if (from.config_id) quic.config_id = static_cast<unsigned>(**from.config_id);
  quic.place = from.place;
  return quic;
}

Service build_service(const config::Service& from, std::size_t pool) {
  Service service;
  service.name = **from.name;
  set_endpoint(service, from);
  service.forward = {value_of(kForwards, **from.forward), from.forward->place};
  service.pool = pool;
  service.pool_place = from.pool->place;
  if (from.state) service.state = value_of(kServiceStates, **from.state);
  service.mtu = plain(from.mtu);
  if (from.mtu) service.mtu_place = from.mtu->place;
  set_flows(service, from);
  for (const config::Text& source : from.allow) service.allow.push_back(prefix(source));
  for (const config::Text& source : from.deny) service.deny.push_back(prefix(source));
  if (from.quic) service.quic = build_quic(*from.quic);
  service.place = from.place;
  return service;
}

class Builder {
 public:
  Builder(const config::Config& config, Findings& findings) : config_(config), findings_(findings) {}

  Draft run() {
    draft_.model.file = config_.file;
    add_host();
    add_limits();
    for (const config::Pool& pool : config_.pools) add_pool(pool);
    for (const config::Service& service : config_.services) add_service(service);
    draft_.gaps.services |= config_.lost_blocks;
    return std::move(draft_);
  }

 private:
  void add_host() {
    draft_.gaps.host = !config_.host || !config_.host->whole;
    if (!draft_.gaps.host) draft_.model.host = build_host(*config_.host);
  }

  void add_limits() {
    draft_.gaps.limits = !config_.limits || !config_.limits->whole;
    if (!draft_.gaps.limits) draft_.model.limits = build_limits(*config_.limits);
  }

  // The second of two pools of one name is left out: nothing can refer to it.
  void add_pool(const config::Pool& pool) {
    if (!pool.name) {
      nameless_pool_ = true;
      return;
    }
    const auto [known, is_new] = pools_.try_emplace(**pool.name, draft_.model.pools.size());
    if (!is_new) {
      report_twin("pool", *pool.name, pool_names_[known->second]);
      draft_.gaps.pools[known->second] = true;
      return;
    }
    pool_names_.push_back(pool.name->place);
    draft_.model.pools.push_back(build_pool(pool));
    draft_.gaps.pools.push_back(!pool.whole || config_.lost_blocks);
    draft_.gaps.named.push_back(false);
  }

  void add_service(const config::Service& service) {
    if (service.name) {
      const auto [known, is_new] = services_.try_emplace(**service.name, service.name->place);
      if (!is_new) report_twin("service", *service.name, known->second);
    }
    const auto pool = resolve(service);
    if (pool && service.whole) {
      draft_.model.services.push_back(build_service(service, *pool));
    } else if (pool) {
      draft_.gaps.named[*pool] = true;
    } else {
      draft_.gaps.services = true;
    }
  }

  std::optional<std::size_t> resolve(const config::Service& service) {
    if (!service.pool) return std::nullopt;
    const auto found = pools_.find(**service.pool);
    if (found != pools_.end()) return found->second;
    if (!config_.lost_blocks && !nameless_pool_) report_undefined(service);
    return std::nullopt;
  }

  void report_twin(const std::string& kind, const config::Text& name, Place first) {
    Finding finding = make(config::kDuplicateKey, kind + "/" + *name, name.place,
                           "there is a " + kind + " " + in_quotes(*name) + " already");
    finding.related.push_back({first, "first defined here"});
    findings_.push_back(std::move(finding));
  }

  void report_undefined(const config::Service& service) {
    std::vector<std::string_view> names;
    for (const Pool& pool : draft_.model.pools) names.push_back(pool.name);
    const std::string_view meant = nearest(**service.pool, names);
    const std::string object = service.name ? "service/" + **service.name : "service";
    Finding finding = make(config::kUndefined, object, service.pool->place,
                           "there is no pool " + in_quotes(**service.pool) + did_you_mean(meant));
    if (!meant.empty()) finding.fix = "write " + in_quotes(meant) + ", or define the pool";
    findings_.push_back(std::move(finding));
  }

  const config::Config& config_;
  Findings& findings_;
  Draft draft_;
  std::unordered_map<std::string, std::size_t> pools_;
  std::unordered_map<std::string, Place> services_;
  std::vector<Place> pool_names_;
  bool nameless_pool_ = false;  // what an undefined reference means may be this one
};

}  // namespace

Draft draft(const config::Config& config, Findings& findings) { return Builder(config, findings).run(); }

std::optional<Model> build(const config::Config& config, Findings& findings) {
  Draft built = draft(config, findings);
  if (tally(findings).errors != 0) return std::nullopt;
  return std::move(built.model);
}

}  // namespace steadfast
