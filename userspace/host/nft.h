// SPDX-License-Identifier: Apache-2.0
// nft: the rules of this host's netfilter as values: tables, chains, rules, sets.
// What this file has no word for stays in a rule as "something else", so that
// nobody takes a rule half understood for one understood.
//
// Must not enter: libnftables (nft_reader.h), what a rule does to a packet (doctor/).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace steadfast::host {

// Of a packet or of its connection; `other` is everything that is not judged.
enum class NftField : std::uint8_t {
  other,
  family,       // meta nfproto
  ether_type,   // meta protocol
  protocol,     // meta l4proto, ip protocol, ip6 nexthdr
  source,       // ip saddr, ip6 saddr
  destination,  // ip daddr, ip6 daddr
  source_port,  // tcp, udp, th sport
  destination_port,
  input,   // meta iif, iifname
  output,  // meta oif, oifname
  state,   // ct state
};

// Values in words, as nft writes them: "10.0.2.0/24", "10.0.0.1-10.0.0.9", "443",
// "8000-8999", "eth*", "established". An empty list is a set without elements.
using NftValues = std::vector<std::string>;

enum class NftVerdict : std::uint8_t { none, accept, drop, jump, go_to, leave, other };

struct NftAction {
  NftVerdict verdict = NftVerdict::none;
  std::string chain;  // of jump and go_to
};

struct NftMatch {
  NftField field = NftField::other;
  std::string key;  // "tcp dport": ports of UDP are none of it
  bool negated = false;
  NftValues values;
};

// A map from values to verdicts: ct state vmap { established : accept }.
struct NftVerdictMap {
  NftField field = NftField::other;
  std::string key;
  std::vector<std::pair<NftValues, NftAction>> entries;
};

struct NftRule {
  std::uint64_t handle = 0;
  std::string text;  // as `nft list ruleset` prints it
  std::vector<NftMatch> matches;
  std::optional<NftVerdictMap> map;  // decides instead of `action`
  NftAction action;
};

struct NftChain {
  std::string family, table, name;
  std::string hook;  // "output"; empty for a chain that others jump to
  int priority = 0;
  bool drops_by_default = false;
  std::vector<std::string> devices;  // of family netdev
  std::vector<NftRule> rules;
};

using NftRuleset = std::vector<NftChain>;

// `json` and `listing`: `nft -a -j list ruleset` and `nft -a list ruleset`.
Result<NftRuleset> parse_nft(std::string_view json, std::string_view listing);

}  // namespace steadfast::host
