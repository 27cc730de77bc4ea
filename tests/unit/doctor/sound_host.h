// SPDX-License-Identifier: Apache-2.0
// A host on which nothing is wrong, and the balancer's file for it: each test
// breaks one thing.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "check/check.h"
#include "doctor/doctor.h"

namespace steadfast {

inline constexpr std::uint32_t kOurProgram = 77;

inline std::string sound_file(const std::string& mode = "native",
                              const std::string& interfaces = "\"eth0\"") {
  return "schema = 1\n[host]\ninterfaces = [" + interfaces + "]\nxdp_mode = \"" + mode +
         "\"\nsource = [\"198.51.100.0/28\", \"2001:db8:f::/64\"]\nhash_seed = \"seed\"\n"
         "[limits]\nservices = 100\nbackends = 2000\nflows = \"1M\"\n"
         "[[service]]\nname = \"web\"\nvip = \"192.0.2.10\"\nprotocol = \"tcp\"\nport = 443\n"
         "forward = \"ipip\"\npool = \"web\"\n"
         "[[pool]]\nname = \"web\"\nmin_healthy = \"50%\"\n"
         "health = { type = \"tcp\", interval = \"2s\", timeout = \"1s\", fall = 3, rise = 2 }\n"
         "[[pool.backend]]\nname = \"web-01\"\naddress = \"10.0.2.11\"\nweight = 100\n"
         "[[pool.backend]]\nname = \"web-02\"\naddress = \"10.0.2.12\"\nweight = 100\n";
}

inline Model model_of_file(const std::string& text) {
  Checked checked = check(text, "edge.toml");
  EXPECT_TRUE(checked.model.has_value());
  return checked.model ? std::move(*checked.model) : Model{};
}

inline host::Interface sound_interface(const std::string& name, std::uint32_t ifindex) {
  host::Interface interface;
  interface.name = name;
  interface.ifindex = ifindex;
  interface.up = interface.carrier = true;
  interface.mtu = 1500;
  interface.driver = "ice";
  interface.xdp_features = host::kXdpBasic | host::kXdpRedirect | host::kXdpTransmit;
  interface.lro = false;
  interface.rx_vlan = false;
  interface.tx_queues = 8;
  return interface;
}

inline host::Path sound_path() {
  host::Path path;
  path.ifindex = 2;
  path.interface = "eth0";
  path.source = Address::parse("10.0.2.1");
  path.neighbour = host::NeighbourState::usable;
  return path;
}

inline host::Pin our_link(const std::string& interface, std::uint32_t program) {
  host::Pin pin;
  pin.name = "link-native-" + interface;
  pin.kind = host::Pin::Kind::link;
  pin.type = 6;
  pin.program = program;
  return pin;
}

// Broken by one step before it is judged.
using Break = std::function<void(host::HostFacts&)>;

inline host::HostFacts sound_host() {
  host::HostFacts facts;
  host::Interface loopback;
  loopback.name = "lo";
  loopback.ifindex = 1;
  loopback.up = loopback.carrier = loopback.loopback = true;
  loopback.mtu = 65536;
  facts.interfaces = std::vector<host::Interface>{loopback, sound_interface("eth0", 2)};
  facts.addresses = std::vector<host::LocalAddress>{{1, "lo", *Address::parse("127.0.0.1"), 8},
                                                    {2, "eth0", *Address::parse("10.0.2.1"), 24}};
  facts.paths = std::map<Address, host::Path>{{*Address::parse("10.0.2.11"), sound_path()},
                                              {*Address::parse("10.0.2.12"), sound_path()}};
  facts.policy_rules = std::vector<host::PolicyRule>{};
  facts.sysctls = host::Sysctls{{"net.ipv4.conf.all.rp_filter", "0"},
                                {"net.ipv4.conf.eth0.rp_filter", "2"},
                                {"net.ipv4.conf.eth0.arp_ignore", "0"},
                                {"net.ipv4.neigh.default.gc_thresh2", "512"},
                                {"net.ipv4.neigh.default.gc_thresh3", "1024"}};
  facts.nft = host::NftRuleset{};
  facts.kernel = host::KernelFacts{"6.1.0-18-amd64", true, true, true, 8, 4096};
  facts.agents = std::vector<host::Agent>{};
  facts.most_files = std::uint64_t{65536};
  facts.bpffs = host::Bpffs{"/sys/fs/bpf/steadfast/v1", true, {}};
  return facts;
}

inline host::HostFacts broken(const Break& how) {
  host::HostFacts facts = sound_host();
  how(facts);
  return facts;
}

inline host::Interface& eth0(host::HostFacts& facts) { return (*facts.interfaces)[1]; }

inline Findings doctor_says(const host::HostFacts& facts, const std::string& file = sound_file(),
                            const doctor::Occurrence& occurrence = {}) {
  const Model model = model_of_file(file);
  return doctor::judge(model, facts, occurrence);
}

inline std::vector<std::string> codes(const Findings& findings) {
  std::vector<std::string> all;
  for (const Finding& finding : findings) all.push_back(finding.code);
  return all;
}

// Exactly one finding, of this code; a test that breaks one thing expects no other.
inline Finding the_only(const std::string& code, const Findings& findings) {
  EXPECT_EQ(codes(findings), std::vector<std::string>{code});
  return findings.empty() ? Finding{} : findings.front();
}

}  // namespace steadfast
