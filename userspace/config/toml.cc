// SPDX-License-Identifier: Apache-2.0
#include "config/toml.h"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>

namespace steadfast::config {
namespace {

Place place_of(const toml::source_position& position) {
  return {static_cast<std::uint32_t>(position.line), static_cast<std::uint32_t>(position.column)};
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// toml++ begins with what it was doing, in its own terms: "Error while parsing
// key-value pair: expected …". What an operator can use stands after the colon.
std::string in_our_words(std::string_view description) {
  constexpr std::string_view kPreamble = "Error while parsing ";
  if (description.substr(0, kPreamble.size()) == kPreamble) {
    const auto colon = description.find(": ");
    if (colon != std::string_view::npos) description.remove_prefix(colon + 2);
  }
  return std::string(description);
}

class Converter {
 public:
  explicit Converter(std::string_view text) {
    starts_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') starts_.push_back(i + 1);
    text_ = text;
  }

  Node convert(const toml::node& from) const {
    Node node;
    node.place = place_of(from.source().begin);
    node.end = place_of(from.source().end);
    if (const auto* table = from.as_table()) {
      convert_table(*table, node);
    } else if (const auto* list = from.as_array()) {
      convert_list(*list, node);
    } else {
      convert_scalar(from, node);
    }
    return node;
  }

 private:
  static void convert_scalar(const toml::node& from, Node& node) {
    if (const auto* text = from.as_string()) {
      node.kind = Node::Kind::text;
      node.text = text->get();
    } else if (const auto* integer = from.as_integer()) {
      node.kind = Node::Kind::integer;
      node.integer = integer->get();
    } else if (const auto* real = from.as_floating_point()) {
      node.kind = Node::Kind::real;
      node.real = real->get();
    } else if (const auto* boolean = from.as_boolean()) {
      node.kind = Node::Kind::boolean;
      node.boolean = boolean->get();
    }
  }

  void convert_table(const toml::table& from, Node& node) const {
    node.kind = Node::Kind::table;
    node.headed = !from.is_inline() && stands_at(node.place, '[');
    node.children.reserve(from.size());
    for (auto&& [key, value] : from) {
      Node child = convert(value);
      child.key = key.str();
      child.key_place = place_of(key.source().begin);
      if (!from.is_inline() && !is_headed(child)) node.end = std::max(node.end, child.end);
      node.children.push_back(std::move(child));
    }
  }

  void convert_list(const toml::array& from, Node& node) const {
    node.kind = Node::Kind::list;
    node.children.reserve(from.size());
    for (const toml::node& item : from) node.children.push_back(convert(item));
  }

  static bool is_headed(const Node& node) {
    if (node.kind == Node::Kind::list) return !node.children.empty() && node.children.front().headed;
    return node.headed;
  }

  // Headers are the only values that begin with a bracket and are no list.
  bool stands_at(Place place, char c) const {
    if (place.line == 0 || place.line > starts_.size()) return false;
    const std::size_t offset = starts_[place.line - 1] + place.column - 1;
    return offset < text_.size() && text_[offset] == c;
  }

  std::string_view text_;
  std::vector<std::size_t> starts_;
};

}  // namespace

std::optional<TomlFault> read_toml(std::string_view text, Node& root) {
  const toml::parse_result result = toml::parse(text);
  if (result) {
    root = Converter(text).convert(result.table());
    return std::nullopt;
  }
  const std::string_view description = result.error().description();
  return TomlFault{place_of(result.error().source().begin), in_our_words(description),
                   has(description, "cannot redefine") || has(description, "cannot insert"),
                   has(description, "not representable in 64 bits")};
}

}  // namespace steadfast::config
