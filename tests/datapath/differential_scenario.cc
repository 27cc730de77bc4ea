// SPDX-License-Identifier: Apache-2.0
#include "datapath/differential_scenario.h"

#include <set>

#include "support/lab.h"

namespace steadfast::differential {
namespace {

constexpr std::size_t kMostServices = 12;
constexpr std::size_t kMostBackends = 5;  // of a pool; the limits have room for all pools at once

const std::vector<std::string> kVipsV4{"192.0.2.10", "192.0.2.11",    "192.0.2.77",
                                       "192.0.2.80", "192.0.2.64/28", "192.0.2.0/25"};
// The second one begins with the bytes of 192.0.2.10.
const std::vector<std::string> kVipsV6{"2001:db8::10", "c000:20a::", "2001:db8:0:1::80", "2001:db8:0:1::/120",
                                       "2001:db8::/48"};
const std::vector<std::string> kPorts{
    "80", "443", "81", "53", "\"all\"", "\"80-81\"", "\"1-1023\"", "\"8000-8999\"", "\"65000-65535\""};
const std::vector<std::string> kSourcesV4{"203.0.113.0/24", "203.0.113.0/28", "203.0.113.7",
                                          "203.0.113.128/25", "203.0.0.0/16"};
const std::vector<std::string> kSourcesV6{"2001:db8:c::/48", "2001:db8:c::/124", "2001:db8:c::7",
                                          "2001:db8:c::80/121"};

class ScenarioMaker {
 public:
  ScenarioMaker(Random& random, const std::string& limits, const std::string& seed)
      : random_(random), limits_(limits), seed_(seed) {}

  std::string run() {
    const std::uint32_t wanted = random_.between(1, kMostServices);
    for (std::uint32_t i = 0; i < wanted; ++i) add_service();
    return host() + limits_ + services_ + pools_;
  }

 private:
  std::string host() {
    return "schema = 1\n[host]\ninterfaces = [\"eth0\"]\nxdp_mode = \"native\"\nsource = [\"" +
           random_.one_of<std::string>({"198.51.100.1", "198.51.100.0/24", "198.51.0.0/16"}) +
           "\", \"2001:db8:ffff::1\"]\nhash_seed = \"" + seed_ + "\"\necho_per_second = " + answers() +
           "too_big_per_second = " + answers();
  }

  std::string answers() { return random_.one_of<std::string>({"0\n", "1\n", "50\n", "1000000\n"}); }

  // Two services with one endpoint are no configuration.
  void add_service() {
    const bool v6 = random_.once_in(3);
    const std::string vip = random_.one_of(v6 ? kVipsV6 : kVipsV4), port = random_.one_of(kPorts);
    const bool is_udp = random_.once_in(2);
    if (!endpoints_.insert(vip + port + (is_udp ? "u" : "t")).second) return;
    const std::string name = std::to_string(endpoints_.size());
    const std::string forward = random_.one_of<std::string>({"l2", "ipip", "gue"});
    services_ += "[[service]]\nname = \"s" + name + "\"\nvip = \"" + vip + "\"\nprotocol = \"" +
                 (is_udp ? "udp" : "tcp") + "\"\nport = " + port + "\nforward = \"" + forward +
                 "\"\npool = \"p" + name + "\"\n";
    const unsigned id_bytes = is_udp && random_.once_in(2) ? random_.between(1, 8) : 0;
    add_flows();
    add_sources(v6);
    if (id_bytes != 0)
      services_ += "quic = { server_id_bytes = " + std::to_string(id_bytes) +
                   ", config_id = " + std::to_string(random_.below(7)) + " }\n";
    add_pool(name, forward == "l2" ? v6 : random_.once_in(2), id_bytes);
  }

  void add_flows() {
    services_ +=
        "hash = \"" +
        random_.one_of<std::string>({"5-tuple", "5-tuple", "source", "source+port", "destination-port"}) +
        "\"\n";
    if (random_.once_in(8)) services_ += "mtu = " + std::to_string(random_.between(576, 1500)) + "\n";
    if (random_.once_in(12)) services_ += "state = \"parked\"\n";
    if (random_.once_in(5)) {
      services_ += "flows = \"hash-only\"\n";
      return;
    }
    if (random_.once_in(3)) services_ += "idle = \"" + std::to_string(random_.between(16, 90)) + "s\"\n";
    if (random_.once_in(4))
      services_ += "new_flows_per_source = " + random_.one_of<std::string>({"1", "3", "20"}) + "\n";
  }

  void add_sources(bool v6) {
    if (random_.once_in(4)) add_list("allow", v6 ? kSourcesV6 : kSourcesV4);
    if (random_.once_in(4)) add_list("deny", v6 ? kSourcesV6 : kSourcesV4);
  }

  void add_list(const std::string& key, const std::vector<std::string>& of) {
    std::set<std::string> prefixes;
    for (std::uint32_t i = 0; i < random_.between(1, 3); ++i) prefixes.insert(random_.one_of(of));
    std::string list;
    for (const std::string& prefix : prefixes) list += (list.empty() ? "\"" : ", \"") + prefix + "\"";
    services_ += key + " = [" + list + "]\n";
  }

  void add_pool(const std::string& name, bool v6, unsigned id_bytes) {
    pools_ += "[[pool]]\nname = \"p" + name + "\"\n";
    const bool is_drained = random_.once_in(8);
    for (std::uint32_t i = 1; i <= random_.between(1, kMostBackends); ++i) {
      pools_ += "[[pool.backend]]\nname = \"b" + std::to_string(i) + "\"\naddress = \"" +
                (v6 ? "2001:db8:b:" + name + "::" : "10.0." + name + ".") + std::to_string(i) +
                "\"\nweight = " + std::to_string(random_.once_in(8) ? 0 : random_.between(1, 100)) + "\n";
      if (is_drained || random_.once_in(8))
        pools_ += "state = \"drain\"\n";
      else if (random_.once_in(8))
        pools_ += "state = \"disabled\"\n";
      if (id_bytes != 0 && !random_.once_in(6)) pools_ += "server_id = " + std::to_string(i) + "\n";
    }
  }

  Random& random_;
  const std::string& limits_;
  const std::string& seed_;
  std::string services_, pools_;
  std::set<std::string> endpoints_;
};

// Interface 1 is where packets come from; 6 and 7 are bonds.
NextHop make_hop(Random& random) {
  NextHop hop;
  hop.destination = Mac{{2, 0, 0, 0, 0, 0xbe}};
  hop.source = Mac{{2, 0, 0, 0, 0, 0x1b}};
  hop.ifindex = random.one_of<std::uint32_t>({1, 1, 1, 5, 6, 7});
  hop.interface = hop.ifindex == 1 ? "eth0" : "eth9";
  hop.on_link = true;
  hop.mtu = random.one_of<std::uint16_t>({1500, 1500, 1500, 1400, 1280, 600, 140});
  for (std::uint32_t tags = random.once_in(3) ? random.between(1, 2) : 0; tags > 0; --tags)
    hop.tags.push_back({random.one_of<std::uint16_t>({0x8100, 0x88a8}),
                        static_cast<std::uint16_t>(random.between(1, 4094))});
  return hop;
}

NextHops make_hops(Random& random, const Model& model) {
  const std::vector<std::uint32_t> members =
      random.once_in(2) ? std::vector<std::uint32_t>{1, 3} : std::vector<std::uint32_t>{3, 4};
  NextHops hops;
  for (const Pool& pool : model.pools)
    for (const Backend& backend : pool.backends) {
      NextHop hop = make_hop(random);
      if (hop.ifindex > 5) hop.members = members;
      if (random.once_in(16)) hop.problem = "no answer";
      if (!random.once_in(16)) hops[backend.address.value] = hop;
    }
  return hops;
}

}  // namespace

std::string Scenario::text() const {
  std::string all = toml;
  for (const auto& [address, hop] : hops) {
    all += "# hop " + address.text() + " interface " + std::to_string(hop.ifindex) + " mtu " +
           std::to_string(hop.mtu) + " tags " + std::to_string(hop.tags.size()) + " members";
    for (const std::uint32_t member : hop.members) all += " " + std::to_string(member);
    all += (hop.resolved() ? "" : " unresolved") + std::string("\n");
  }
  return all;
}

Scenario make_scenario(Random& random, const std::string& limits, const std::string& seed) {
  Scenario scenario;
  scenario.toml = ScenarioMaker(random, limits, seed).run();
  scenario.model = model_of(scenario.toml);
  scenario.hops = make_hops(random, scenario.model);
  return scenario;
}

std::string make_limits(Random& random) {
  return "[limits]\nservices = 16\nbackends = " + std::to_string(kMostServices * kMostBackends * 2) +
         "\nflows = " + random.one_of<std::string>({"8", "64", "1000", "4000"}) + "\nranges = 512\n";
}

}  // namespace steadfast::differential
