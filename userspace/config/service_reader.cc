// SPDX-License-Identifier: Apache-2.0
#include "config/service_reader.h"

#include <map>
#include <string>
#include <utility>

#include "base/address.h"
#include "bpf/abi.h"
#include "config/schema_rules.h"

namespace steadfast::config {
namespace {

// Ages are coarse by SF_FLOW_TOUCH_S. They have 16 bits and begin anew after 18
// hours: a flow must be known to be silent for long before it seems young again.
constexpr Range kIdle_s{16, 4 * 3600};
constexpr Range kFlowsPerSource{1, 65535};
constexpr Range kServerIdBytes{1, 8};
constexpr Range kConfigId{0, 6};  // 7 is reserved by the draft

const std::vector<std::string_view> kHashes{
#define X(symbol, value, label, help) label,
    SF_HASHES(X)
#undef X
};

Quic read_quic(const Node& node, const std::string& object, const Document& document, Findings& findings) {
  TableReader table(node, object, document, findings);
  Quic quic;
  quic.place = node.place;
  quic.server_id_bytes = table.integer("server_id_bytes", Need::required, kServerIdBytes);
  quic.config_id = table.integer("config_id", Need::optional, kConfigId);
  quic.whole = table.finish();
  return quic;
}

class ServiceReader {
 public:
  ServiceReader(const Node& node, std::size_t index, const Document& document, Findings& findings)
      : node_(node),
        index_(index),
        document_(document),
        findings_(findings),
        table_(node, "service", document, findings) {}

  Service run() {
    service_.place = node_.place;
    service_.name = table_.name("name");
    table_.call(object_name("service", service_.name, index_));
    read_endpoint();
    read_flows();
    read_sources();
    read_quic_table();
    service_.whole = table_.finish() && (!service_.quic || service_.quic->whole);
    return std::move(service_);
  }

 private:
  void read_endpoint() {
    service_.vip = table_.prefix("vip", Need::traffic);
    service_.protocol = table_.word("protocol", Need::traffic, {"tcp", "udp"});
    service_.port = table_.ports("port", Need::traffic);
    service_.forward = table_.word("forward", Need::traffic, {"l2", "ipip", "gue"});
    service_.pool = table_.text("pool", Need::traffic);
    service_.state = table_.word("state", Need::optional, {"active", "parked"});
    service_.mtu = table_.integer("mtu", Need::optional, kMtu);
  }

  void read_flows() {
    service_.flows = table_.word("flows", Need::optional, {"track", "hash-only"});
    service_.hash = table_.word("hash", Need::optional, kHashes);
    service_.idle = table_.seconds("idle", Need::optional, kIdle_s);
    service_.new_flows_per_source = table_.integer("new_flows_per_source", Need::optional, kFlowsPerSource);
    if (!service_.flows || **service_.flows != "hash-only") return;
    const std::string why = " contradicts flows = \"hash-only\": the service remembers no flow ";
    if (service_.idle) contradict(service_.idle->place, in_quotes("idle") + why + "that could end");
    if (service_.new_flows_per_source)
      contradict(service_.new_flows_per_source->place,
                 in_quotes("new_flows_per_source") + why + "and cannot tell a new one");
  }

  void read_sources() {
    service_.allow = table_.prefixes("allow");
    service_.deny = table_.prefixes("deny");
    check_sources("allow", service_.allow);
    check_sources("deny", service_.deny);
  }

  void read_quic_table() {
    const Node* quic = table_.table("quic", Need::optional);
    if (!quic) return;
    service_.quic = read_quic(*quic, table_.object(), document_, findings_);
    if (service_.protocol && **service_.protocol != "udp")
      contradict(quic->place,
                 in_quotes("quic") + " is for protocol = \"udp\"; the service is " + **service_.protocol);
  }

  void contradict(Place place, std::string message) {
    table_.report(make(kOutOfDomain, table_.object(), place, std::move(message)));
  }

  void check_sources(std::string_view key, const std::vector<Text>& sources) {
    const auto vip = service_.vip ? Prefix::parse(**service_.vip) : std::nullopt;
    std::map<Prefix, Place> known;
    for (const Text& source : sources) {
      const Prefix prefix = *Prefix::parse(*source);
      if (vip && vip->address.family != prefix.address.family)
        contradict(source.place, in_quotes(key) + " names " + in_quotes(*source) + ", but the VIP is " +
                                     **service_.vip + ": no client of it has such an address");
      const auto [first, is_new] = known.try_emplace(prefix, source.place);
      if (!is_new) report_twice(key, source, first->second);
    }
  }

  void report_twice(std::string_view key, const Text& source, Place first) {
    Finding twice = make(kDuplicateKey, table_.object(), source.place,
                         in_quotes(*source) + " is listed twice in " + in_quotes(key));
    twice.related.push_back({first, "first listed here"});
    table_.report(std::move(twice));
  }

  const Node& node_;
  std::size_t index_;
  const Document& document_;
  Findings& findings_;
  TableReader table_;
  Service service_;
};

}  // namespace

std::string object_name(const std::string& kind, const std::optional<Text>& name, std::size_t index) {
  return kind + "/" + (name ? name->value : "#" + std::to_string(index + 1));
}

Service read_service(const Node& node, std::size_t index, const Document& document, Findings& findings) {
  return ServiceReader(node, index, document, findings).run();
}

}  // namespace steadfast::config
