// SPDX-License-Identifier: Apache-2.0
#include "plan/fields.h"

#include <cstdio>
#include <optional>
#include <set>

#include "config/layout.h"

namespace steadfast {
namespace {

using config::toml_string;

template <typename Number>
std::string literal(Number number) {
  return std::to_string(number);
}

template <typename Word>
std::string word(Word value) {
  return toml_string(name(value));
}

std::string percent_literal(double percent) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.10g%%", percent);
  return toml_string(digits);
}

std::string literal(const config::Amount& amount) {
  return amount.percent ? percent_literal(amount.value) : literal(static_cast<std::uint64_t>(amount.value));
}

std::string literal(std::chrono::milliseconds time) {
  const auto count = time.count();
  return toml_string(count % 1000 == 0 ? std::to_string(count / 1000) + "s" : std::to_string(count) + "ms");
}

std::string literal(const std::vector<Located<std::string>>& texts) {
  std::string list;
  for (const auto& text : texts) list += (list.empty() ? "" : ", ") + toml_string(*text);
  return "[" + list + "]";
}

// In order of address: in which order the file has them decides nothing.
std::string literal(const std::vector<Located<Prefix>>& prefixes) {
  std::set<Prefix> sorted;
  for (const auto& prefix : prefixes) sorted.insert(*prefix);
  std::vector<Located<std::string>> texts;
  texts.reserve(sorted.size());
  for (const Prefix& prefix : sorted) texts.push_back(prefix.text());
  return literal(texts);
}

void add_quic(const Quic& quic, Fields& fields) {
  fields.emplace_back("quic.server_id_bytes", literal(quic.server_id_bytes));
  fields.emplace_back("quic.config_id", literal(quic.config_id));
}

std::string sources(const Host& host) {
  std::vector<Located<std::string>> texts;
  if (host.source_v4) texts.push_back((*host.source_v4)->text());
  if (host.source_v6) texts.push_back((*host.source_v6)->text());
  return literal(texts);
}

void add_health(const Health& health, Fields& fields) {
  fields.emplace_back("health.type", word(health.type));
  fields.emplace_back("health.interval", literal(health.interval));
  fields.emplace_back("health.timeout", literal(health.timeout));
  fields.emplace_back("health.fall", literal(health.fall));
  fields.emplace_back("health.rise", literal(health.rise));
  if (health.port) fields.emplace_back("health.port", literal(**health.port));
  fields.emplace_back("health.path", toml_string(health.path));
  if (!health.host.empty()) fields.emplace_back("health.host", toml_string(health.host));
  if (health.independent) fields.emplace_back("health.independent", "true");
}

template <typename T>
bool same(const std::optional<Located<T>>& a, const std::optional<Located<T>>& b) {
  return a.has_value() == b.has_value() && (!a || **a == **b);
}

}  // namespace

// Taken apart whole, so that a member added later does not build unless it is compared.
bool alike(const Backend& a, const Backend& b) {
  const auto& [name, address, weight, state, port, capacity, server_id, labels, place] = a;
  static_cast<void>(place);
  return name == b.name && *address == *b.address && *weight == *b.weight && state == b.state &&
         same(port, b.port) && same(capacity, b.capacity) && same(server_id, b.server_id) &&
         labels == b.labels;
}

Fields fields_of(const Host& host) {
  Fields fields{{"interfaces", literal(host.interfaces)},
                {"xdp_mode", word(host.xdp_mode)},
                {"source", sources(host)},
                {"hash_seed", toml_string(host.hash_seed)},
                {"gue_port", literal(host.gue_port)},
                {"echo_per_second", literal(host.echo_per_second)},
                {"too_big_per_second", literal(host.too_big_per_second)},
                {"audit_tables", word(host.audit_tables)},
                {"audit_program", word(host.audit_program)}};
  if (host.mtu) fields.emplace_back("mtu", literal(*host.mtu));
  return fields;
}

Fields fields_of(const Limits& limits) {
  return {{"services", literal(*limits.services)},
          {"backends", literal(*limits.backends)},
          {"flows", literal(*limits.flows)},
          {"ranges", literal(*limits.ranges)}};
}

Fields fields_of(const Service& service, const Model& model) {
  const bool one_port = service.last_port == *service.port;
  const std::string ports = ports_text(*service.port, service.last_port);
  Fields fields{{"name", toml_string(service.name)},
                {"vip", toml_string(service.vip_prefix().text())},
                {"protocol", word(service.protocol)},
                {"port", one_port ? ports : toml_string(ports)},
                {"forward", word(*service.forward)},
                {"pool", toml_string(model.pool_of(service).name)},
                {"state", word(service.state)},
                {"flows", service.remembers_flows ? "\"track\"" : "\"hash-only\""},
                {"hash", word(service.hash)}};
  if (service.mtu) fields.emplace_back("mtu", literal(*service.mtu));
  if (service.idle_s != 0)
    fields.emplace_back("idle", literal(std::chrono::milliseconds(service.idle_s * 1000)));
  if (!service.allow.empty()) fields.emplace_back("allow", literal(service.allow));
  if (!service.deny.empty()) fields.emplace_back("deny", literal(service.deny));
  if (service.new_flows_per_source)
    fields.emplace_back("new_flows_per_source", literal(**service.new_flows_per_source));
  if (service.quic) add_quic(*service.quic, fields);
  return fields;
}

Fields fields_of(const Pool& pool) {
  Fields fields{{"name", toml_string(pool.name)}};
  if (pool.min_healthy) fields.emplace_back("min_healthy", literal(**pool.min_healthy));
  if (pool.min_backends) fields.emplace_back("min_backends", literal(**pool.min_backends));
  if (pool.max_share) fields.emplace_back("max_share", percent_literal(**pool.max_share * 100));
  if (pool.health) add_health(*pool.health, fields);
  return fields;
}

Fields fields_of(const Backend& backend) {
  Fields fields{{"name", toml_string(backend.name)},
                {"address", toml_string(backend.address->text())},
                {"weight", literal(*backend.weight)},
                {"state", word(backend.state)}};
  if (backend.port) fields.emplace_back("port", literal(**backend.port));
  if (backend.capacity) fields.emplace_back("capacity", literal(**backend.capacity));
  if (backend.server_id) fields.emplace_back("server_id", literal(**backend.server_id));
  for (const auto& [key, value] : backend.labels) fields.emplace_back("labels." + key, toml_string(value));
  return fields;
}

}  // namespace steadfast
