// SPDX-License-Identifier: Apache-2.0
// Settings of the IPv4 stack that take answers to health checks away.
#include <algorithm>
#include <map>

#include "doctor/rules.h"
#include "doctor/words.h"

namespace steadfast::rules {
namespace {

using doctor::Member;
using doctor::Situation;

constexpr int kStrict = 1;
constexpr int kAnswersNothing = 8;

// 0 when the kernel has no such sysctl.
int value_of(const host::Sysctls& sysctls, const std::string& name) {
  const auto found = sysctls.find(name);
  return found == sysctls.end() ? 0 : std::atoi(found->second.c_str());
}

// The kernel takes the larger of the interface's own value and that of all.
int effective(const Situation& situation, const std::string& interface, const std::string& key) {
  const host::Sysctls& sysctls = *situation.facts().sysctls;
  return std::max(value_of(sysctls, "net.ipv4.conf.all." + key),
                  value_of(sysctls, "net.ipv4.conf." + interface + "." + key));
}

std::string interface_with(const Situation& situation, const std::optional<Address>& source) {
  if (!source || !situation.facts().addresses) return {};
  for (const host::LocalAddress& local : *situation.facts().addresses)
    if (local.address == *source) return local.interface;
  return {};
}

bool is_loopback(const Situation& situation, const std::string& name) {
  const auto* interface = situation.interface(name);
  return interface == nullptr || interface->loopback;
}

struct Seen {
  std::map<std::string, std::vector<Member>> asymmetric;  // by the interface that answers come in by
  std::map<std::string, std::vector<Member>> used;        // by the interface that packets leave by
};

// Answers go to the address that checks are sent from, so they come in where it lives.
Seen look(const Situation& situation) {
  Seen seen;
  for (const Member& member : situation.members()) {
    const auto* path = situation.path_to(*member.backend);
    if (path == nullptr || path->route != host::RouteKind::unicast || !member.backend->address->is_v4())
      continue;
    seen.used[path->interface].push_back(member);
    const std::string back = interface_with(situation, path->source);
    if (!back.empty() && back != path->interface && !is_loopback(situation, back))
      seen.asymmetric[back].push_back(member);
  }
  return seen;
}

Finding about(const Situation& situation, const std::string& interface, const std::string& key,
              const std::string& value, std::string message) {
  Finding finding = make(kReversePath.rule, doctor::interface_object(interface),
                         doctor::place_of(situation.model(), interface), std::move(message));
  finding.fix = "sysctl -w net.ipv4.conf." + interface + "." + key + "=" + value;
  return finding;
}

// A value of "all" outweighs the interface's own unless that is larger.
void find_strict(const Situation& situation, const std::string& interface, const Seen& seen,
                 Findings& findings) {
  if (effective(situation, interface, "rp_filter") != kStrict) return;
  const auto proven = seen.asymmetric.find(interface);
  Finding finding = about(situation, interface, "rp_filter", "2",
                          "the reverse-path check on " + interface + " is strict (rp_filter = 1)");
  if (proven != seen.asymmetric.end()) {
    const Member& first = proven->second.front();
    finding.message += ", and answers of " + doctor::described(*first.pool, *first.backend) +
                       doctor::and_more(proven->second.size()) +
                       " come in there, though the route to it leaves by " +
                       situation.path_to(*first.backend)->interface + ": they are dropped";
  } else {
    finding.severity = Severity::warn;
    finding.message +=
        ": as soon as answers to health checks come in there that a route sends elsewhere, they "
        "are dropped";
  }
  findings.push_back(std::move(finding));
}

void find_silent(const Situation& situation, const std::string& interface, Findings& findings) {
  if (effective(situation, interface, "arp_ignore") != kAnswersNothing) return;
  Finding finding = about(situation, interface, "arp_ignore", "1",
                          interface +
                              " answers no ARP request at all (arp_ignore = 8): backends cannot send "
                              "answers of checks to this host");
  finding.fix += " net.ipv4.conf.all.arp_ignore=1";
  findings.push_back(std::move(finding));
}

void find_reverse_path(const Situation& situation, Findings& findings) {
  if (!situation.facts().sysctls || !situation.facts().paths) return;
  const Seen seen = look(situation);
  std::set<std::string> interfaces;
  for (const auto& [interface, members] : seen.used) interfaces.insert(interface);
  for (const auto& [interface, members] : seen.asymmetric) interfaces.insert(interface);
  for (const std::string& interface : interfaces) {
    find_strict(situation, interface, seen, findings);
    find_silent(situation, interface, findings);
  }
}

}  // namespace

const HostCheck kReversePath{
    {
        "SF708",
        Severity::error,
        "sysctl that drops answers to health checks",
        "the kernel drops answers of backends before their sockets see them, and healthy backends look down. "
        "An "
        "error where it is certain: the address that checks are sent from lives on another interface than "
        "packets leave by, so answers come in where the strict check refuses them; a warning where a strict "
        "check only waits for such a route. Forwarding (ip_forward) is not needed: packets of users never "
        "pass "
        "through the host's own stack, and next hops are looked up by the control plane",
        "sysctl -w net.ipv4.conf.INTERFACE.rp_filter=2",
        {},
        {},
        "INC-11",
    },
    find_reverse_path,
};

}  // namespace steadfast::rules
