// SPDX-License-Identifier: Apache-2.0
#include "config/table_reader.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "base/address.h"
#include "config/schema_rules.h"
#include "config/suggest.h"
#include "config/units.h"

namespace steadfast::config {
namespace {

constexpr std::size_t kMaxShown = 60;
constexpr std::size_t kMaxName = 128;
constexpr std::int64_t kMaxCount = 65535;

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

bool is_blank_text(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Names become metric labels, paths of objects and arguments of a shell.
bool is_usable_name(std::string_view text) {
  return text.size() <= kMaxName && std::none_of(text.begin(), text.end(), [](char c) {
           return is_control(c) || std::string_view(" /\\\"*").find(c) != std::string_view::npos;
         });
}

std::string shown(const Node& value) {
  switch (value.kind) {
    case Node::Kind::text:
      return in_quotes(value.text);
    case Node::Kind::integer:
      return std::to_string(value.integer);
    case Node::Kind::boolean:
      return value.boolean ? "true" : "false";
    default:
      return std::string(name(value.kind));
  }
}

std::string range_text(Range range) {
  if (range.least == range.most) return std::to_string(range.least);
  return std::to_string(range.least) + "…" + std::to_string(range.most);
}

std::string seconds_text(std::int64_t seconds) {
  return seconds % 3600 == 0 ? std::to_string(seconds / 3600) + "h" : std::to_string(seconds) + "s";
}

std::string list_text(const std::vector<std::string_view>& words) {
  std::string list;
  for (const std::string_view word : words) list += (list.empty() ? "\"" : ", \"") + std::string(word) + "\"";
  return list;
}

bool contains(const std::vector<std::string_view>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts_character = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
    if (i >= kMaxShown && starts_character) return out + "…\"";
    char escaped[5];
    std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned char>(text[i]));
    if (is_control(text[i])) {
      out += escaped;
    } else {
      out += text[i];
    }
  }
  return out + "\"";
}

TableReader::TableReader(const Node& table, std::string object, const Document& document, Findings& findings)
    : table_(table), object_(std::move(object)), document_(document), findings_(findings) {}

const Node* TableReader::ask(std::string_view key, Need need) {
  const Node* value = table_.find(key);
  asked_.push_back({key, need, value != nullptr});
  return value;
}

void TableReader::report(Finding finding) {
  whole_ &= finding.severity != Severity::error;
  findings_.push_back(std::move(finding));
}

void TableReader::refuse(const Node& value, const std::string& label, const std::string& expected) {
  report(
      make(kOutOfDomain, object_, value.place, label + " is " + shown(value) + "; it must be " + expected));
}

void TableReader::refuse(const Text& value, std::string_view key, const std::string& expected) {
  report(make(kOutOfDomain, object_, value.place,
              in_quotes(key) + " is " + in_quotes(*value) + "; it must be " + expected));
}

std::optional<Text> TableReader::text_of(const Node& node, const std::string& label) {
  if (node.kind != Node::Kind::text) {
    refuse(node, label, "a string");
    return std::nullopt;
  }
  if (is_blank_text(node.text)) {
    report(make(kBlankValue, object_, node.place, label + " is blank"));
    return std::nullopt;
  }
  return Text(node.text, node.place);
}

std::optional<Text> TableReader::text(std::string_view key, Need need) {
  const Node* value = ask(key, need);
  return value ? text_of(*value, in_quotes(key)) : std::nullopt;
}

std::optional<Text> TableReader::name(std::string_view key) {
  const auto value = text(key, Need::required);
  if (!value || is_usable_name(**value)) return value;
  refuse(*value, key, "at most 128 bytes, without spaces, control characters and / \\ \" *");
  return std::nullopt;
}

std::optional<Text> TableReader::word(std::string_view key, Need need,
                                      const std::vector<std::string_view>& words) {
  const auto value = text(key, need);
  if (!value || contains(words, **value)) return value;
  const auto hint = did_you_mean(nearest(**value, words));
  refuse(*value, key, (words.size() > 1 ? "one of " : "") + list_text(words) + hint);
  return std::nullopt;
}

std::optional<Text> TableReader::address(std::string_view key, Need need) {
  const auto value = text(key, need);
  if (!value || Address::parse(**value)) return value;
  refuse(*value, key, "an IPv4 or IPv6 address");
  return std::nullopt;
}

std::optional<Integer> TableReader::integer(std::string_view key, Need need, Range range) {
  const Node* value = ask(key, need);
  if (!value) return std::nullopt;
  const bool fits = value->integer >= range.least && value->integer <= range.most;
  if (value->kind == Node::Kind::integer && fits) return Integer(value->integer, value->place);
  refuse(*value, in_quotes(key), "an integer, " + range_text(range));
  return std::nullopt;
}

std::optional<Integer> TableReader::count(std::string_view key, Need need, Range range) {
  const Node* value = ask(key, need);
  if (!value) return std::nullopt;
  if (value->kind == Node::Kind::text && !text_of(*value, in_quotes(key))) return std::nullopt;
  std::optional<std::int64_t> number;
  if (value->kind == Node::Kind::integer) number = value->integer;
  if (value->kind == Node::Kind::text) number = parse_count(value->text);
  if (number && *number >= range.least && *number <= range.most) return Integer(*number, value->place);
  refuse(*value, in_quotes(key), "a count like 4000 or \"4M\", " + range_text(range));
  return std::nullopt;
}

std::optional<Duration> TableReader::duration(std::string_view key, Need need) {
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(1);
  const Node* value = ask(key, need);
  if (!value) return std::nullopt;
  if (value->kind == Node::Kind::text && !text_of(*value, in_quotes(key))) return std::nullopt;
  const auto time = value->kind == Node::Kind::text ? parse_duration(value->text) : std::nullopt;
  if (time && time->count() > 0 && *time <= kLongest) return Duration(*time, value->place);
  refuse(*value, in_quotes(key), "a duration with its unit, like \"500ms\", \"2s\" or \"1m\", up to an hour");
  return std::nullopt;
}

std::optional<Duration> TableReader::seconds(std::string_view key, Need need, Range range) {
  const auto value = text(key, need);
  if (!value) return std::nullopt;
  const auto time = parse_duration(**value);
  const bool whole = time && time->count() % 1000 == 0;
  if (whole && time->count() / 1000 >= range.least && time->count() / 1000 <= range.most)
    return Duration(*time, value->place);
  refuse(*value, key,
         "a duration in whole seconds, like \"60s\" or \"5m\", " + seconds_text(range.least) + "…" +
             seconds_text(range.most));
  return std::nullopt;
}

std::optional<Percent> TableReader::percent(std::string_view key, Need need) {
  const Node* value = ask(key, need);
  if (!value) return std::nullopt;
  if (value->kind == Node::Kind::text && !text_of(*value, in_quotes(key))) return std::nullopt;
  const auto share = value->kind == Node::Kind::text ? parse_percent(value->text) : std::nullopt;
  if (share && *share > 0) return Percent(*share, value->place);
  refuse(*value, in_quotes(key), "a percentage like \"12%\", above 0");
  return std::nullopt;
}

std::optional<Located<Amount>> TableReader::amount(std::string_view key, Need need) {
  const Node* value = ask(key, need);
  if (!value) return std::nullopt;
  if (value->kind == Node::Kind::text && !text_of(*value, in_quotes(key))) return std::nullopt;
  if (value->kind == Node::Kind::integer && value->integer >= 0 && value->integer <= kMaxCount)
    return Located<Amount>({static_cast<double>(value->integer), false}, value->place);
  const auto share = value->kind == Node::Kind::text ? parse_percent(value->text) : std::nullopt;
  if (share) return Located<Amount>({*share, true}, value->place);
  refuse(*value, in_quotes(key), "a percentage like \"50%\" or a number of backends");
  return std::nullopt;
}

std::optional<Located<bool>> TableReader::boolean(std::string_view key, Need need) {
  const Node* value = ask(key, need);
  if (!value) return std::nullopt;
  if (value->kind == Node::Kind::boolean) return Located<bool>(value->boolean, value->place);
  refuse(*value, in_quotes(key), "true or false");
  return std::nullopt;
}

std::vector<Text> TableReader::texts(std::string_view key, Need need) {
  std::vector<Text> found;
  const Node* value = ask(key, need);
  if (!value) return found;
  if (value->kind != Node::Kind::list) {
    refuse(*value, in_quotes(key), "a list of strings");
  } else if (value->children.empty()) {
    report(make(kBlankValue, object_, value->place, in_quotes(key) + " is an empty list"));
  } else {
    for (const Node& item : value->children)
      if (auto text = text_of(item, "an item of " + in_quotes(key))) found.push_back(std::move(*text));
  }
  return found;
}

std::map<std::string, Text> TableReader::labels(std::string_view key) {
  std::map<std::string, Text> found;
  const Node* node = table(key, Need::optional);
  if (!node) return found;
  for (const Node& label : node->children)
    if (auto text = text_of(label, "label " + in_quotes(label.key)))
      found.emplace(label.key, std::move(*text));
  return found;
}

const Node* TableReader::table(std::string_view key, Need need) {
  const Node* value = ask(key, need);
  if (!value || value->kind == Node::Kind::table) return value;
  const std::string hint =
      value->kind == Node::Kind::list ? "one table: [" + std::string(key) + "]" : "a table";
  refuse(*value, in_quotes(key), hint);
  return nullptr;
}

std::vector<const Node*> TableReader::tables(std::string_view key, Place* list) {
  std::vector<const Node*> found;
  const Node* value = ask(key, Need::optional);
  if (!value) return found;
  if (value->kind != Node::Kind::list) {
    refuse(*value, in_quotes(key), "a list of tables: [[" + std::string(key) + "]]");
    return found;
  }
  const bool headed = !value->children.empty() && value->children.front().headed;
  if (list && !headed) *list = value->place;
  for (const Node& item : value->children) {
    if (item.kind == Node::Kind::table) {
      found.push_back(&item);
    } else {
      refuse(item, "an item of " + in_quotes(key), "a table { … }");
    }
  }
  return found;
}

const std::set<std::string>* TableReader::unread() const {
  const bool is_root = &table_ == &document_.root;
  if (!is_root && !table_.headed) return nullptr;
  const auto found = document_.unread.find(is_root ? 0 : table_.place.line);
  return found == document_.unread.end() ? nullptr : &found->second;
}

void TableReader::report_unknown(std::vector<std::string_view>& excused) {
  std::vector<std::string_view> known;
  for (const Asked& asked : asked_) known.push_back(asked.key);
  for (const Node& child : table_.children) {
    if (contains(known, child.key)) continue;
    const std::string_view meant = nearest(child.key, known);
    excused.push_back(meant);
    Finding finding = make(kUnknownKey, object_, child.key_place,
                           "unknown key " + in_quotes(child.key) + did_you_mean(meant));
    if (!meant.empty()) finding.fix = "write " + in_quotes(meant) + ", or remove the key";
    report(std::move(finding));
  }
}

void TableReader::report_missing(const std::vector<std::string_view>& excused) {
  for (const Asked& asked : asked_) {
    if (asked.found || asked.need == Need::optional || contains(excused, asked.key)) continue;
    const Rule& rule = asked.need == Need::traffic ? kTrafficDefault : kBlankValue;
    report(make(rule, object_, table_.place.line ? table_.place : Place{1, 1},
                in_quotes(asked.key) + " is missing"));
  }
}

bool TableReader::finish() {
  std::vector<std::string_view> excused;
  report_unknown(excused);
  const std::set<std::string>* lost = unread();
  if (!lost || lost->empty()) {
    report_missing(excused);
    return whole_;
  }
  whole_ = false;
  for (const std::string& key : *lost) {
    const bool told = std::any_of(asked_.begin(), asked_.end(), [&](const Asked& a) { return a.key == key; });
    if (!told) return false;
    excused.push_back(key);
  }
  report_missing(excused);
  return false;
}

}  // namespace steadfast::config
