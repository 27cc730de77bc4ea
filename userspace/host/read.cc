// SPDX-License-Identifier: Apache-2.0
#include "host/read.h"

#include <sys/resource.h>

#include <algorithm>

#include "host/readers.h"
#include "kernel/inspect.h"

namespace steadfast::host {
namespace {

Result<std::vector<Interface>> interfaces_with_details(const std::vector<std::string>& wanted) {
  auto interfaces = read_interfaces();
  if (!interfaces) return interfaces;
  const auto features = read_xdp_features();
  if (!features) return features.error();
  for (Interface& interface : *interfaces) {
    if (const auto found = features->find(interface.ifindex); found != features->end())
      interface.xdp_features = found->second;
    if (std::find(wanted.begin(), wanted.end(), interface.name) == wanted.end()) continue;
    if (auto asked = ask_ethtool(interface); !asked) return asked.error();
  }
  return interfaces;
}

Result<std::vector<LocalAddress>> named(Result<std::vector<LocalAddress>> addresses,
                                        const Fact<std::vector<Interface>>& interfaces) {
  if (!addresses || !interfaces) return addresses;
  for (LocalAddress& address : *addresses)
    for (const Interface& interface : *interfaces)
      if (interface.ifindex == address.ifindex) address.interface = interface.name;
  return addresses;
}

// By which packets leave, or answers come in.
std::set<std::string> interfaces_of_interest(const Wish& wish, const HostFacts& facts) {
  std::set<std::string> names(wish.interfaces.begin(), wish.interfaces.end());
  names.insert("all");
  if (!facts.paths || !facts.addresses) return names;
  for (const auto& [destination, path] : *facts.paths) {
    if (!path.interface.empty()) names.insert(path.interface);
    for (const LocalAddress& local : *facts.addresses)
      if (path.source == local.address && !local.interface.empty()) names.insert(local.interface);
  }
  return names;
}

Result<std::uint64_t> read_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return Error::from_errno("reading the limit of open files");
  return static_cast<std::uint64_t>(limit.rlim_cur);
}

}  // namespace

HostFacts read_facts(const Wish& wish) {
  const auto wants = [&](Part part) { return (wish.parts & part) != 0; };
  HostFacts facts;
  if (wants(kDevices)) facts.interfaces = interfaces_with_details(wish.interfaces);
  if (wants(kDevices)) facts.addresses = named(read_addresses(), facts.interfaces);
  if (wants(kPaths)) facts.paths = read_paths(wish.destinations, wish.patience);
  if (wants(kPolicyRules)) facts.policy_rules = read_policy_rules();
  if (wants(kSysctls)) facts.sysctls = read_sysctls(interfaces_of_interest(wish, facts), "/proc/sys");
  if (wants(kNetfilter)) facts.nft = read_netfilter();
  if (wants(kKernel)) facts.kernel = read_kernel();
  if (wants(kAgents))
    facts.agents = read_agents(facts.interfaces ? *facts.interfaces : std::vector<Interface>{}, "/");
  if (wants(kBpffs)) facts.bpffs = read_bpffs(wish.bpffs);
  if (wants(kFiles)) facts.most_files = read_file_limit();
  return facts;
}

}  // namespace steadfast::host
