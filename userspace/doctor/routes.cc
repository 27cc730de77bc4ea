// SPDX-License-Identifier: Apache-2.0
// Backends that this host does not reach, and more of them than it can remember.
#include <algorithm>
#include <map>
#include <set>

#include "doctor/rules.h"
#include "doctor/words.h"

namespace steadfast::rules {
namespace {

using doctor::Member;
using doctor::Situation;

std::string fix_of(const host::Path& path, const std::string& address) {
  switch (path.route) {
    case host::RouteKind::none:
      return "ip route add " + address + " via GATEWAY dev INTERFACE";
    case host::RouteKind::local:
      return "write the backend's own address";
    case host::RouteKind::unicast:
      return "name the interface in host.interfaces, or change the route";
    default:
      return "take that route away: ip route show match " + address + " names it";
  }
}

// A device may stand above the one that carries the program (VLAN), or below it (bond).
bool leaves_by_ours(const Situation& situation, const host::Path& path) {
  const Host& host = situation.model().host;
  if (doctor::names(host, path.interface)) return true;
  const auto* interface = situation.interface(path.ifindex);
  if (interface == nullptr) return true;  // unknown, which another finding says
  for (const host::Interface& other : *situation.facts().interfaces)
    if ((other.ifindex == interface->lower || other.ifindex == interface->master ||
         other.master == interface->ifindex) &&
        other.ifindex != 0 && doctor::names(host, other.name))
      return true;
  return false;
}

// Each backend once, whatever the number of services.
template <typename Each>
void for_each_backend(const Situation& situation, Each each) {
  std::set<const Backend*> seen;
  for (const Member& member : situation.members())
    if (const auto* path = situation.path_to(*member.backend);
        path != nullptr && seen.insert(member.backend).second)
      each(member, *path);
}

void find_no_route(const Situation& situation, Findings& findings) {
  for_each_backend(situation, [&](const Member& member, const host::Path& path) {
    const bool leads_out = path.route == host::RouteKind::unicast;
    if (path.route == host::RouteKind::none && situation.is_cut_off()) return;
    if (leads_out && leaves_by_ours(situation, path)) return;
    const Backend& backend = *member.backend;
    const std::string address = backend.address->text();
    const std::string way = leads_out ? "a route by " + path.interface + ", which is not in host.interfaces"
                                      : std::string(host::words(path.route));
    Finding finding =
        make(kNoRoute.rule, object_of(*member.pool, backend), backend.address.place,
             "to " + doctor::described(*member.pool, backend) + ", " + address + ", this host has " + way);
    finding.fix = fix_of(path, address);
    findings.push_back(std::move(finding));
  });
}

// One next hop that is silent takes all backends behind it: one finding, not one for each.
void find_silent_next_hops(const Situation& situation, Findings& findings) {
  if (situation.is_cut_off()) return;
  std::map<std::pair<std::uint32_t, Address>, std::vector<Member>> silent;
  for_each_backend(situation, [&](const Member& member, const host::Path& path) {
    if (path.route != host::RouteKind::unicast || path.neighbour == host::NeighbourState::usable) return;
    silent[{path.ifindex, path.gateway.value_or(*member.backend->address)}].push_back(member);
  });
  for (const auto& [next_hop, members] : silent) {
    const Member& first = members.front();
    const host::Path& path = *situation.path_to(*first.backend);
    Finding finding =
        make(kNextHopSilent.rule, object_of(*first.pool, *first.backend), first.backend->address.place,
             "next hop " + next_hop.second.text() + " of " + doctor::described(*first.pool, *first.backend) +
                 doctor::and_more(members.size()) + " does not answer on " + path.interface + " (neighbour " +
                 std::string(host::name(path.neighbour)) + ")");
    finding.fix =
        "see whether it is up and on that link: ping -I " + path.interface + " " + next_hop.second.text();
    findings.push_back(std::move(finding));
  }
}

std::optional<std::size_t> threshold(const Situation& situation, bool v4, const char* which) {
  const auto found = situation.facts().sysctls->find(std::string(v4 ? "net.ipv4" : "net.ipv6") +
                                                     ".neigh.default.gc_thresh" + which);
  if (found == situation.facts().sysctls->end()) return std::nullopt;
  return static_cast<std::size_t>(std::strtoull(found->second.c_str(), nullptr, 10));
}

void compare_neighbours(const Situation& situation, bool v4, std::size_t number, Findings& findings) {
  const auto most = threshold(situation, v4, "3"), comfortable = threshold(situation, v4, "2");
  if (!most || !comfortable || number <= *comfortable) return;
  const bool too_many = number > *most;
  const std::string sysctl = std::string(v4 ? "net.ipv4" : "net.ipv6") + ".neigh.default.gc_thresh";
  Finding finding =
      make(kManyNeighbours.rule, "host", situation.model().host.place,
           doctor::counted(number, "backend") + " on link by " + (v4 ? "IPv4" : "IPv6") + ", but " + sysctl +
               (too_many ? "3" : "2") + " is " + std::to_string(too_many ? *most : *comfortable));
  if (!too_many) finding.severity = Severity::warn;
  finding.fix = "sysctl -w " + sysctl + "2=" + std::to_string(2 * number) + " " + sysctl +
                "3=" + std::to_string(4 * number);
  findings.push_back(std::move(finding));
}

bool is_on_link(const Situation& situation, const Address& address) {
  const auto& locals = *situation.facts().addresses;
  return std::any_of(locals.begin(), locals.end(), [&](const host::LocalAddress& local) {
    return local.length < local.address.bits() && Prefix{local.address, local.length}.contains(address);
  });
}

// All of them count, also where a change adds only the last one.
void find_many_neighbours(const Situation& situation, Findings& findings) {
  if (!situation.facts().sysctls || !situation.facts().addresses || situation.members().empty()) return;
  std::set<Address> v4, v6;
  for (const Service& service : situation.model().services)
    for (const Backend& backend : situation.model().pool_of(service).backends)
      if (is_on_link(situation, *backend.address))
        (backend.address->is_v4() ? v4 : v6).insert(*backend.address);
  compare_neighbours(situation, true, v4.size(), findings);
  compare_neighbours(situation, false, v6.size(), findings);
}

}  // namespace

const HostCheck kManyNeighbours{
    {
        "SF606",
        Severity::error,
        "more backends on link than the neighbour table holds",
        "the kernel forgets one neighbour to remember another, and packets for those it forgot are dropped; "
        "above gc_thresh2 it begins to forget after five seconds (a warning)",
        "raise net.ipv4.neigh.default.gc_thresh3 (net.ipv6 for IPv6) above the number of backends",
        {},
        {},
    },
    find_many_neighbours,
};

const HostCheck kNoRoute{
    {
        "SF709",
        Severity::error,
        "backend without a usable route",
        "the balancer drops what it should send there (verdict no_next_hop). On apply it is a warning: the "
        "share of flows that the change drops has its own gate, SF504",
        "ip route add BACKEND via GATEWAY dev INTERFACE",
        {},
        {},
        "INC-24",
    },
    find_no_route,
};

const HostCheck kNextHopSilent{
    {
        "SF710",
        Severity::error,
        "next hop that does not answer",
        "without its MAC address no packet leaves for the backends behind it (verdict no_next_hop). It was "
        "asked "
        "for before it was called silent. On apply it is a warning: hosts may come up after the change",
        "see whether the next hop is up and on that link",
        {},
        {},
    },
    find_silent_next_hops,
};

}  // namespace steadfast::rules
