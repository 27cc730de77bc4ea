// SPDX-License-Identifier: Apache-2.0
// The readers behind read_facts(), one for each fact; read.cc puts them together.
// Those that read text or messages have a pure half that tests give text to.
//
// Must not enter: callers outside of this folder and its tests.
#pragma once

#include <filesystem>
#include <set>

#include "host/facts.h"
#include "host/read.h"

struct nlmsghdr;

namespace steadfast::host {

Result<std::vector<Interface>> read_interfaces();
Result<std::vector<LocalAddress>> read_addresses();
// Driver, offloads and queues of one interface.
Result<void> ask_ethtool(Interface& interface);
// By interface; empty where the kernel cannot tell.
Result<std::map<std::uint32_t, std::uint64_t>> read_xdp_features();

Result<std::map<Address, Path>> read_paths(const std::set<Address>& destinations,
                                           std::chrono::milliseconds patience);

Result<std::vector<PolicyRule>> read_policy_rules();
// Nothing for the rules that every host has.
std::optional<PolicyRule> policy_rule_in(const nlmsghdr* message);

// Of these interfaces, and of the host. `root`: "/proc/sys".
Result<Sysctls> read_sysctls(const std::set<std::string>& interfaces, const std::filesystem::path& root);

Result<NftRuleset> read_netfilter();

Result<KernelFacts> read_kernel();

// `root`: "/", below which /proc, /etc and /run are.
Result<std::vector<Agent>> read_agents(const std::vector<Interface>& interfaces,
                                       const std::filesystem::path& root);
// What networkd.conf and its drop-ins say, in the order in which they are read.
void read_networkd_setting(std::string_view text, Agent& agent);

}  // namespace steadfast::host
