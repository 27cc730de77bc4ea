// SPDX-License-Identifier: Apache-2.0
// The values of a table that stand for many: prefixes and port ranges.
#include <algorithm>
#include <string>

#include "base/address.h"
#include "config/schema_rules.h"
#include "config/table_reader.h"
#include "config/units.h"

namespace steadfast::config {
namespace {

constexpr std::int64_t kLastPort = 65535;

}  // namespace

// Host bits say that the operator meant one address, or another prefix: which, nobody can tell.
bool TableReader::is_network(const Text& value, const std::string& label) {
  const auto prefix = Prefix::parse(*value);
  if (prefix && prefix->network() == *prefix) return true;
  const std::string hint = prefix ? "; that network is " + in_quotes(prefix->network().text()) : "";
  report(make(
      kOutOfDomain, object_, value.place,
      label + " is " + in_quotes(*value) + "; it must be an address, or a prefix without host bits" + hint));
  return false;
}

std::optional<Text> TableReader::prefix(std::string_view key, Need need) {
  const auto value = text(key, need);
  if (!value || is_network(*value, in_quotes(key))) return value;
  return std::nullopt;
}

std::vector<Text> TableReader::prefixes(std::string_view key) {
  std::vector<Text> found = texts(key, Need::optional);
  const auto unusable = [&](const Text& item) { return !is_network(item, "an item of " + in_quotes(key)); };
  found.erase(std::remove_if(found.begin(), found.end(), unusable), found.end());
  return found;
}

std::optional<Located<PortRange>> TableReader::ports(std::string_view key, Need need) {
  const Node* value = ask(key, need);
  if (!value) return std::nullopt;
  if (value->kind == Node::Kind::text && !text_of(*value, in_quotes(key))) return std::nullopt;
  std::optional<PortRange> range;
  if (value->kind == Node::Kind::text) range = parse_ports(value->text);
  if (value->kind == Node::Kind::integer && value->integer >= 1 && value->integer <= kLastPort) {
    const auto port = static_cast<std::uint16_t>(value->integer);
    range = PortRange{port, port};
  }
  if (range) return Located<PortRange>(*range, value->place);
  refuse(*value, in_quotes(key), "an integer, 1…65535, a range like \"8000-8999\", or \"all\"");
  return std::nullopt;
}

}  // namespace steadfast::config
