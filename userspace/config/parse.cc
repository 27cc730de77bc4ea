// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/address.h"
#include "bpf/abi.h"
#include "config/config.h"
#include "config/document.h"
#include "config/schema_rules.h"
#include "config/service_reader.h"
#include "config/table_reader.h"

namespace steadfast::config {
namespace {

constexpr Range kWeight{0, 65535};
constexpr Range kIds{1, 65535};
constexpr Range kFlows{8, 4'000'000'000};
constexpr Range kTries{1, 255};
constexpr Range kAnswers{0, 1'000'000};
constexpr Range kRanges{1, SF_RANGES_MAX};
constexpr Range kServerId{0, std::numeric_limits<std::int64_t>::max()};
constexpr Range kCapacity{1, 1'000'000'000'000};
constexpr std::size_t kMaxInterfaceName = 15;
constexpr unsigned kShortestSourceV4 = 8;
constexpr unsigned kShortestSourceV6 = 32;

class Parser {
 public:
  Parser(Config& config, const Document& document, Findings& findings)
      : config_(config), document_(document), findings_(findings) {}

  void run() {
    TableReader root(document_.root, "file", document_, findings_);
    config_.schema = root.integer("schema", Need::required, {1, 1});
    if (const Node* host = root.table("host", Need::required)) config_.host = read_host(*host);
    if (const Node* limits = root.table("limits", Need::required)) config_.limits = read_limits(*limits);
    for (const Node* service : root.tables("service"))
      config_.services.push_back(read_service(*service, config_.services.size(), document_, findings_));
    for (const Node* pool : root.tables("pool")) config_.pools.push_back(read_pool(*pool));
    root.finish();
  }

 private:
  TableReader reader(const Node& table, std::string object) const {
    return {table, std::move(object), document_, findings_};
  }

  static void check_interfaces(TableReader& table, const std::vector<Text>& interfaces) {
    for (auto it = interfaces.begin(); it != interfaces.end(); ++it) {
      const std::string& name = it->value;
      if (name.size() > kMaxInterfaceName || name.find_first_of("/ \t\n:") != std::string::npos)
        table.refuse(*it, "interfaces", "names of interfaces, at most 15 characters each");
      const auto first = std::find_if(interfaces.begin(), it, [&](const Text& t) { return *t == name; });
      if (first == it) continue;
      Finding twice =
          make(kDuplicateKey, table.object(), it->place, "interface " + in_quotes(name) + " is listed twice");
      twice.related.push_back({first->place, "first listed here"});
      table.report(std::move(twice));
    }
  }

  static bool is_source(const std::optional<Prefix>& prefix) {
    if (!prefix) return false;
    return prefix->length >= (prefix->address.is_v4() ? kShortestSourceV4 : kShortestSourceV6);
  }

  static void check_sources(TableReader& table, const std::vector<Text>& sources) {
    std::array<const Text*, 2> first{};
    for (const Text& source : sources) {
      const auto prefix = Prefix::parse(*source);
      if (!is_source(prefix)) {
        table.refuse(source, "source", "an address, or a prefix of at least /8 (IPv4) or /32 (IPv6)");
        continue;
      }
      const Text*& known = first[prefix->address.is_v4() ? 0 : 1];
      if (known) {
        Finding second =
            make(kOutOfDomain, table.object(), source.place,
                 in_quotes(*source) + " is a second source address of its family; one is the limit");
        second.related.push_back({known->place, "the first one"});
        table.report(std::move(second));
      } else {
        known = &source;
      }
    }
  }

  Host read_host(const Node& node) const {
    TableReader table = reader(node, "host");
    Host host;
    host.place = node.place;
    host.interfaces = table.texts("interfaces", Need::required);
    host.xdp_mode = table.word("xdp_mode", Need::required, {"native", "generic"});
    host.source = table.texts("source", Need::optional);
    host.hash_seed = table.text("hash_seed", Need::required);
    host.gue_port = table.integer("gue_port", Need::optional, kPort);
    host.mtu = table.integer("mtu", Need::optional, kMtu);
    host.echo_per_second = table.integer("echo_per_second", Need::optional, kAnswers);
    host.too_big_per_second = table.integer("too_big_per_second", Need::optional, kAnswers);
    host.audit_tables = table.word("audit_tables", Need::optional, {"report", "repair", "freeze"});
    host.audit_program = table.word("audit_program", Need::optional, {"report", "repair", "freeze"});
    check_interfaces(table, host.interfaces);
    check_sources(table, host.source);
    host.whole = table.finish();
    return host;
  }

  Limits read_limits(const Node& node) const {
    TableReader table = reader(node, "limits");
    Limits limits;
    limits.place = node.place;
    limits.services = table.count("services", Need::required, kIds);
    limits.backends = table.count("backends", Need::required, kIds);
    limits.flows = table.count("flows", Need::required, kFlows);
    limits.ranges = table.count("ranges", Need::optional, kRanges);
    limits.whole = table.finish();
    return limits;
  }

  Health read_health(const Node& node, const std::string& object) const {
    TableReader table = reader(node, object);
    Health health;
    health.place = node.place;
    health.type = table.word("type", Need::required, {"tcp", "http", "https", "udp", "dns"});
    health.interval = table.duration("interval", Need::required);
    health.timeout = table.duration("timeout", Need::required);
    health.fall = table.integer("fall", Need::required, kTries);
    health.rise = table.integer("rise", Need::required, kTries);
    health.port = table.integer("port", Need::optional, kPort);
    health.path = table.text("path", Need::optional);
    health.host = table.text("host", Need::optional);
    health.independent = table.boolean("independent", Need::optional);
    health.whole = table.finish();
    return health;
  }

  Backend read_backend(const Node& node, const std::string& pool, std::size_t index) const {
    TableReader table = reader(node, "backend/" + pool);
    Backend backend;
    backend.place = node.place;
    backend.name = table.name("name");
    table.call(object_name("backend/" + pool, backend.name, index));
    backend.address = table.address("address", Need::traffic);
    backend.weight = table.integer("weight", Need::traffic, kWeight);
    backend.port = table.integer("port", Need::optional, kPort);
    backend.state = table.word("state", Need::optional, {"active", "drain", "disabled"});
    backend.capacity = table.count("capacity", Need::optional, kCapacity);
    backend.server_id = table.integer("server_id", Need::optional, kServerId);
    backend.labels = table.labels("labels");
    backend.end = node.headed ? Place{node.end.line + 1, 1} : Place{node.end.line, node.end.column - 1};
    backend.whole = table.finish();
    return backend;
  }

  Pool read_pool(const Node& node) const {
    TableReader table = reader(node, "pool");
    Pool pool;
    pool.place = node.place;
    pool.name = table.name("name");
    table.call(object_name("pool", pool.name, config_.pools.size()));
    pool.min_healthy = table.amount("min_healthy", Need::optional);
    pool.min_backends = table.integer("min_backends", Need::optional, kIds);
    pool.max_share = table.percent("max_share", Need::optional);
    if (const Node* health = table.table("health", Need::optional))
      pool.health = read_health(*health, table.object());
    read_backends(table, pool);
    pool.whole &= table.finish() && (!pool.health || pool.health->whole);
    return pool;
  }

  void read_backends(TableReader& table, Pool& pool) const {
    const std::string name = table.object().substr(std::string_view("pool/").size());
    for (const Node* node : table.tables("backend", &pool.backend_list)) {
      pool.backends.push_back(read_backend(*node, name, pool.backends.size()));
      pool.whole &= pool.backends.back().whole;
    }
  }

  Config& config_;
  const Document& document_;
  Findings& findings_;
};

}  // namespace

Config parse(std::string text, std::string file, Findings& findings) {
  Config config;
  config.file = std::move(file);
  config.text = std::move(text);
  const Document document = read_document(config.text, findings);
  config.lost_blocks = document.lost_blocks;
  Parser(config, document, findings).run();
  return config;
}

}  // namespace steadfast::config
