// SPDX-License-Identifier: Apache-2.0
// Netfilter rules that drop what health checks say, or what is said to them.
//
// Users' packets never meet netfilter: XDP takes them before, and sends them
// itself. Nor does the tunnel of a check: it is made when netfilter's output hooks
// are behind, and the answer is turned into one of the backend's own address before
// the first input hook. So on both ways netfilter sees an ordinary connection of
// this host to the backend's own address, and only rules that drop that can hurt.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "doctor/nft_walk.h"
#include "doctor/rules.h"
#include "doctor/words.h"

namespace steadfast::rules {
namespace {

using doctor::Dropped;
using doctor::Member;
using doctor::Passing;
using doctor::Situation;

constexpr std::array<std::string_view, 3> kOutward{"output", "postrouting", "egress"};
constexpr std::array<std::string_view, 3> kInward{"ingress", "prerouting", "input"};
constexpr int kBeforeTracking = -200;  // connection tracking's own priority
constexpr char kNoInterface[] = "-";

struct Check {
  const Member* member;
  std::uint16_t port;
  bool inward;
};

std::set<std::uint16_t> ports_of(const Member& member) {
  const Health& health = *member.pool->health;
  const std::uint16_t own = member.backend->port ? member.backend->port->value : member.service->port.value;
  std::set<std::uint16_t> ports{own};
  if (health.port) ports.insert(health.port->value);
  return ports;
}

std::uint8_t protocol_of(const Health& health) {
  const bool datagram = health.type == HealthType::udp || health.type == HealthType::dns;
  return static_cast<std::uint8_t>(datagram ? Protocol::udp : Protocol::tcp);
}

Passing packet_of(const Situation& situation, const Check& check) {
  const auto* path = situation.path_to(*check.member->backend);
  Passing packet;
  packet.family = check.member->backend->address->family;
  packet.protocol = protocol_of(*check.member->pool->health);
  packet.state = check.inward ? "established" : "new";
  const std::string interface = path == nullptr ? "" : path->interface;
  packet.input = check.inward ? interface : kNoInterface;
  packet.output = check.inward ? kNoInterface : interface;
  if (path != nullptr) (check.inward ? packet.destination : packet.source) = path->source;
  (check.inward ? packet.source : packet.destination) = *check.member->backend->address;
  (check.inward ? packet.source_port : packet.destination_port) = check.port;
  return packet;
}

bool is_hook(const host::NftChain& chain, bool inward) {
  const auto& hooks = inward ? kInward : kOutward;
  return std::find(hooks.begin(), hooks.end(), chain.hook) != hooks.end();
}

bool sees(const host::NftChain& chain, const Passing& packet, bool inward) {
  if (chain.family == "netdev") {
    const std::string& interface = inward ? packet.input : packet.output;
    return std::find(chain.devices.begin(), chain.devices.end(), interface) != chain.devices.end();
  }
  return chain.family == "inet" || chain.family == (packet.family == Family::v4 ? "ip" : "ip6");
}

// Before connection tracking has looked at a packet, it has no state.
Passing as_seen_by(const host::NftChain& chain, Passing packet) {
  if (chain.priority <= kBeforeTracking || chain.family == "netdev" || chain.hook == "ingress")
    packet.state.clear();
  return packet;
}

// Where something is dropped, and what: many backends share one rule.
struct Victims {
  Dropped at;
  bool inward = false;
  std::vector<const Member*> members;
};
using Place = std::pair<const void*, bool>;

void try_check(const Situation& situation, const Check& check, std::map<Place, Victims>& victims) {
  const host::NftRuleset& ruleset = *situation.facts().nft;
  const Passing packet = packet_of(situation, check);
  for (const host::NftChain& chain : ruleset) {
    if (!is_hook(chain, check.inward) || !sees(chain, packet, check.inward)) continue;
    const auto dropped = doctor::walk(ruleset, chain, as_seen_by(chain, packet));
    if (!dropped) continue;
    const void* where = dropped->rule != nullptr ? static_cast<const void*>(dropped->rule) : dropped->chain;
    Victims& found = victims[{where, check.inward}];
    found.at = *dropped;
    found.inward = check.inward;
    if (found.members.empty() || found.members.back() != check.member) found.members.push_back(check.member);
    return;  // what is dropped here meets no further chain
  }
}

std::string chain_words(const host::NftChain& chain) {
  return chain.family + " " + chain.table + " " + chain.name;
}

Finding finding_of(const Victims& victims) {
  const host::NftChain& chain = *victims.at.chain;
  const Member& first = *victims.members.front();
  const bool by_policy = victims.at.rule == nullptr;
  const std::string what =
      by_policy ? "the policy of nft chain " + chain_words(chain) + " (drop, with no rule that accepts)"
                : "nft chain " + chain_words(chain) + ", handle " + std::to_string(victims.at.rule->handle) +
                      " (" + victims.at.rule->text + ")";
  Finding finding =
      make(kNetfilterDrops.rule, "host/nft/" + chain.family + "/" + chain.table + "/" + chain.name,
           first.backend->address.place,
           what + " would drop " + (victims.inward ? "answers to health checks" : "health checks") + " of " +
               doctor::described(*first.pool, *first.backend) + doctor::and_more(victims.members.size()));
  finding.fix =
      by_policy ? "nft insert rule " + chain_words(chain) + (victims.inward ? " ip saddr " : " ip daddr ") +
                      first.backend->address->text() + " accept"
                : "nft delete rule " + chain_words(chain) + " handle " +
                      std::to_string(victims.at.rule->handle) + ", or accept the backends before it";
  if (by_policy && !first.backend->address->is_v4())
    finding.fix.replace(finding.fix.find(" ip "), 4, " ip6 ");
  return finding;
}

void find_netfilter_drops(const Situation& situation, Findings& findings) {
  if (!situation.facts().nft) return;
  std::map<Place, Victims> victims;
  for (const Member& member : situation.members()) {
    if (!member.pool->health) continue;
    for (const std::uint16_t port : ports_of(member))
      for (const bool inward : {false, true}) try_check(situation, {&member, port, inward}, victims);
  }
  for (const auto& [where, found] : victims) findings.push_back(finding_of(found));
}

}  // namespace

const HostCheck kNetfilterDrops{
    {
        "SF712",
        Severity::error,
        "netfilter rule that drops health checks or their answers",
        "healthy backends look down, all of a pool at once. Only such rules can hurt: users' packets and the "
        "tunnels of checks never pass netfilter, since XDP takes and sends them and the tunnel is made "
        "behind "
        "its last hook; what it sees of a check is a connection of this host to the backend's own address "
        "(hooks output, postrouting and egress out; ingress, prerouting and input back). A rule about "
        "forwarded packets, about IPIP or the GUE port, or about the VIP drops none of it. A rule that this "
        "doctor cannot follow to its end (marks, limits, unknown sources) is taken to let it pass",
        "delete the rule, or accept the backends' addresses before it",
        {},
        {},
        "INC-13",
    },
    find_netfilter_drops,
};

}  // namespace steadfast::rules
