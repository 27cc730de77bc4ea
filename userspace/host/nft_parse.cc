// SPDX-License-Identifier: Apache-2.0
// From libnftables' JSON (libnftables-json(5)) to values; the words of each rule
// come from the listing for people, which JSON lacks.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "host/nft.h"

namespace steadfast::host {
namespace {

using Json = nlohmann::json;
using RuleKey = std::string;  // "inet filter 7": handles are unique in a table

constexpr std::uint64_t kLastPort = 65535;

std::string text_in(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

RuleKey key_of(const std::string& family, const std::string& table, std::uint64_t handle) {
  return family + " " + table + " " + std::to_string(handle);
}

// --- the listing: rules' words, and devices, which JSON of nftables 1.0 leaves out ---

struct Listing {
  std::map<RuleKey, std::string> rules;
  std::map<RuleKey, std::vector<std::string>> devices;  // by the chain's handle
};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> words_of(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(separators, at)) != text.npos;) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

// "ip daddr 10.0.0.0/8 drop # handle 7" in two.
struct Handled {
  std::string_view text;
  std::uint64_t handle = 0;
};
std::optional<Handled> handled(std::string_view line) {
  constexpr std::string_view kMark = "# handle ";
  const auto at = line.rfind(kMark);
  if (at == line.npos) return std::nullopt;
  std::uint64_t number = 0;
  for (const char digit : line.substr(at + kMark.size())) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return Handled{trimmed(line.substr(0, at)), number};
}

std::vector<std::string> devices_in(std::string_view line) {
  const auto at = line.find(" device");
  if (at == line.npos) return {};
  std::vector<std::string> devices;
  const auto words = words_of(line.substr(at, line.find(" priority") - at), " \t{}=,\"");
  for (std::size_t i = 1; i < words.size(); ++i) devices.emplace_back(words[i]);
  return devices;
}

class ListingReader {
 public:
  Listing read(std::string_view text) {
    for (const std::string_view line : words_of(text, "\n")) read_line(trimmed(line));
    return std::move(listing_);
  }

 private:
  void read_line(std::string_view line) {
    const auto words = words_of(line, " \t{");
    if (line.starts_with("table ") && words.size() >= 3) {
      family_ = words[1];
      table_ = words[2];
      return;
    }
    if (line.starts_with("type ") && line.find(" hook ") != line.npos)
      listing_.devices[key_of(family_, table_, chain_)] = devices_in(line);
    const auto found = handled(line);
    if (line.starts_with("chain ") && found) chain_ = found->handle;
    if (!found || found->text.ends_with("{")) return;
    listing_.rules[key_of(family_, table_, found->handle)] = found->text;
  }

  Listing listing_;
  std::string family_, table_;
  std::uint64_t chain_ = 0;
};

// --- values ---

std::string scalar(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number() ? value.dump() : std::string();
}

// Empty when there is something in it that this file has no word for.
std::optional<std::string> value_in(const Json& value) {
  if (value.is_string() || value.is_number()) return scalar(value);
  if (!value.is_object() || value.size() != 1) return std::nullopt;
  const std::string kind = value.begin().key();
  const Json& inside = value.begin().value();
  if (kind == "prefix" && inside.contains("addr") && inside.contains("len"))
    return scalar(inside["addr"]) + "/" + scalar(inside["len"]);
  if (kind == "range" && inside.is_array() && inside.size() == 2)
    return scalar(inside[0]) + "-" + scalar(inside[1]);
  if (kind == "elem" && inside.contains("val")) return value_in(inside["val"]);
  return std::nullopt;
}

using Sets = std::map<std::string, Json>;  // "inet filter bad" → its elements

std::optional<NftValues> list_in(const Json& list) {
  NftValues values;
  for (const Json& element : list) {
    auto value = value_in(element);
    if (!value) return std::nullopt;
    values.push_back(std::move(*value));
  }
  return values;
}

struct Where {
  std::string family, table;
  const Sets& sets;
};

std::optional<NftValues> values_in(const Json& right, const Where& where) {
  if (right.is_array()) return list_in(right);
  if (right.is_object() && right.contains("set")) return list_in(right["set"]);
  if (right.is_string() && right.get<std::string>().starts_with("@")) {
    const auto set =
        where.sets.find(where.family + " " + where.table + " " + right.get<std::string>().substr(1));
    if (set == where.sets.end()) return std::nullopt;
    return list_in(set->second);
  }
  auto value = value_in(right);
  if (!value) return std::nullopt;
  return NftValues{std::move(*value)};
}

// --- keys ---

struct KnownKey {
  std::string_view key;
  NftField field;
};
constexpr std::array kKeys{
    KnownKey{"meta nfproto", NftField::family},
    KnownKey{"meta protocol", NftField::ether_type},
    KnownKey{"ether type", NftField::ether_type},
    KnownKey{"meta l4proto", NftField::protocol},
    KnownKey{"ip protocol", NftField::protocol},
    KnownKey{"ip6 nexthdr", NftField::protocol},
    KnownKey{"ip saddr", NftField::source},
    KnownKey{"ip6 saddr", NftField::source},
    KnownKey{"ip daddr", NftField::destination},
    KnownKey{"ip6 daddr", NftField::destination},
    KnownKey{"tcp sport", NftField::source_port},
    KnownKey{"udp sport", NftField::source_port},
    KnownKey{"th sport", NftField::source_port},
    KnownKey{"tcp dport", NftField::destination_port},
    KnownKey{"udp dport", NftField::destination_port},
    KnownKey{"th dport", NftField::destination_port},
    KnownKey{"meta iif", NftField::input},
    KnownKey{"meta iifname", NftField::input},
    KnownKey{"meta oif", NftField::output},
    KnownKey{"meta oifname", NftField::output},
    KnownKey{"ct state", NftField::state},
};

std::string key_in(const Json& left) {
  if (!left.is_object() || left.size() != 1) return {};
  const std::string kind = left.begin().key();
  const Json& inside = left.begin().value();
  if (!inside.is_object()) return {};
  if (kind == "payload") return text_in(inside, "protocol") + " " + text_in(inside, "field");
  // `ct original saddr` has a direction, and is not the packet's.
  if ((kind == "meta" || kind == "ct") && !inside.contains("dir")) return kind + " " + text_in(inside, "key");
  return {};
}

NftField field_of(std::string_view key) {
  const auto found =
      std::find_if(kKeys.begin(), kKeys.end(), [&](const KnownKey& k) { return k.key == key; });
  return found == kKeys.end() ? NftField::other : found->field;
}

bool is_port(NftField field) { return field == NftField::source_port || field == NftField::destination_port; }

// tcp sport >= 1024 as a range.
std::optional<NftValues> ordered_port(const std::string& op, const Json& right) {
  if (!right.is_number_unsigned()) return std::nullopt;
  const auto port = right.get<std::uint64_t>();
  if (op == ">=") return NftValues{std::to_string(port) + "-" + std::to_string(kLastPort)};
  if (op == "<=") return NftValues{"0-" + std::to_string(port)};
  if (op == ">" && port < kLastPort)
    return NftValues{std::to_string(port + 1) + "-" + std::to_string(kLastPort)};
  if (op == "<" && port > 0) return NftValues{"0-" + std::to_string(port - 1)};
  return std::nullopt;
}

NftMatch match_in(const Json& match, const Where& where) {
  NftMatch read;
  if (!match.contains("left") || !match.contains("right")) return read;
  read.key = key_in(match["left"]);
  const NftField field = field_of(read.key);
  const std::string op = text_in(match, "op");
  read.negated = op == "!=";
  const bool plain = op == "==" || op == "in" || op == "!=";
  auto values = plain            ? values_in(match["right"], where)
                : is_port(field) ? ordered_port(op, match["right"])
                                 : std::optional<NftValues>();
  if (!values) return read;
  read.field = field;
  read.values = std::move(*values);
  return read;
}

// --- statements ---

// Statements that only watch or mark: the packet goes on to what follows.
constexpr std::array<std::string_view, 8> kHarmless{"counter", "log",  "mangle", "comment",
                                                    "notrack", "last", "dup",    "ct helper"};

std::optional<NftAction> action_in(const std::string& kind, const Json& inside) {
  if (kind == "accept") return NftAction{NftVerdict::accept, {}};
  if (kind == "drop" || kind == "reject") return NftAction{NftVerdict::drop, {}};
  if (kind == "return") return NftAction{NftVerdict::leave, {}};
  if (kind == "continue") return NftAction{};
  if (kind == "jump") return NftAction{NftVerdict::jump, text_in(inside, "target")};
  if (kind == "goto") return NftAction{NftVerdict::go_to, text_in(inside, "target")};
  for (const std::string_view takes :
       {"queue", "snat", "dnat", "masquerade", "redirect", "tproxy", "fwd", "synproxy"})
    if (kind == takes) return NftAction{NftVerdict::other, {}};
  return std::nullopt;
}

std::optional<std::vector<std::pair<NftValues, NftAction>>> entries_in(const Json& data, const Where& where) {
  std::vector<std::pair<NftValues, NftAction>> entries;
  if (!data.is_object() || !data.contains("set")) return std::nullopt;  // a named map
  for (const Json& pair : data["set"]) {
    if (!pair.is_array() || pair.size() != 2 || !pair[1].is_object() || pair[1].empty()) return std::nullopt;
    auto values = values_in(pair[0], where);
    auto action = action_in(pair[1].begin().key(), pair[1].begin().value());
    if (!values || !action) return std::nullopt;
    entries.emplace_back(std::move(*values), std::move(*action));
  }
  return entries;
}

// A map that is not understood may do anything with anything.
void read_map(const Json& map, const Where& where, NftRule& rule) {
  rule.map.emplace();
  rule.map->key = map.contains("key") ? key_in(map["key"]) : std::string();
  auto entries = map.contains("data") ? entries_in(map["data"], where) : std::nullopt;
  if (!entries) return;
  rule.map->field = field_of(rule.map->key);
  rule.map->entries = std::move(*entries);
}

void read_statement(const std::string& kind, const Json& inside, const Where& where, NftRule& rule) {
  if (kind == "match") {
    rule.matches.push_back(match_in(inside, where));
  } else if (kind == "vmap") {
    read_map(inside, where, rule);
  } else if (auto action = action_in(kind, inside)) {
    rule.action = std::move(*action);
  } else if (std::find(kHarmless.begin(), kHarmless.end(), kind) == kHarmless.end()) {
    rule.matches.push_back({NftField::other, kind, false, {}});  // limit, quota, …: sometimes
  }
}

NftRule rule_in(const Json& json, const Where& where, const Listing& listing) {
  NftRule rule;
  rule.handle = json.value("handle", std::uint64_t{0});
  const auto text = listing.rules.find(key_of(where.family, where.table, rule.handle));
  if (text != listing.rules.end()) rule.text = text->second;
  for (const Json& statement : json.value("expr", Json::array())) {
    if (!statement.is_object() || statement.empty()) continue;
    read_statement(statement.begin().key(), statement.begin().value(), where, rule);
  }
  return rule;
}

NftChain chain_in(const Json& json, const Listing& listing) {
  NftChain chain;
  chain.family = text_in(json, "family");
  chain.table = text_in(json, "table");
  chain.name = text_in(json, "name");
  chain.hook = text_in(json, "hook");
  chain.priority = json.value("prio", 0);
  chain.drops_by_default = text_in(json, "policy") == "drop";
  const auto devices =
      listing.devices.find(key_of(chain.family, chain.table, json.value("handle", std::uint64_t{0})));
  if (devices != listing.devices.end()) chain.devices = devices->second;
  return chain;
}

NftChain* find_chain(NftRuleset& ruleset, const Json& rule) {
  const auto found = std::find_if(ruleset.begin(), ruleset.end(), [&](const NftChain& chain) {
    return chain.family == text_in(rule, "family") && chain.table == text_in(rule, "table") &&
           chain.name == text_in(rule, "chain");
  });
  return found == ruleset.end() ? nullptr : &*found;
}

Sets sets_in(const Json& objects) {
  Sets sets;
  for (const Json& object : objects) {
    if (!object.contains("set")) continue;
    const Json& set = object["set"];
    sets[text_in(set, "family") + " " + text_in(set, "table") + " " + text_in(set, "name")] =
        set.value("elem", Json::array());
  }
  return sets;
}

NftRuleset ruleset_in(const Json& objects, const Listing& listing) {
  const Sets sets = sets_in(objects);
  NftRuleset ruleset;
  for (const Json& object : objects)
    if (object.contains("chain")) ruleset.push_back(chain_in(object["chain"], listing));
  for (const Json& object : objects) {
    if (!object.contains("rule")) continue;
    const Json& rule = object["rule"];
    if (NftChain* chain = find_chain(ruleset, rule))
      chain->rules.push_back(rule_in(rule, {text_in(rule, "family"), text_in(rule, "table"), sets}, listing));
  }
  return ruleset;
}

}  // namespace

Result<NftRuleset> parse_nft(std::string_view json, std::string_view listing) {
  try {
    const Json read = Json::parse(json);
    return ruleset_in(read.at("nftables"), ListingReader().read(listing));
  } catch (const Json::exception& thrown) {
    return Error{std::string("the nft ruleset is not what libnftables describes: ") + thrown.what()};
  }
}

}  // namespace steadfast::host
