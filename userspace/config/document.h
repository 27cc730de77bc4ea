// SPDX-License-Identifier: Apache-2.0
// Document: the file as TOML understands it, tables, lists and scalars with
// their places, and what was lost on the way. read_document() is where every
// fault of the text itself is found (SF102 for a value that is not there, SF104,
// SF105); what remains is whole TOML.
//
// Must not enter: which keys exist (parse.cc).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/place.h"
#include "config/finding.h"

namespace steadfast::config {

struct Node {
  enum class Kind { table, list, text, integer, real, boolean, other };

  Kind kind = Kind::other;
  Place place;          // of the value; of the header for a table under one
  Place end;            // just behind the value; of a table's own keys for a table under a header
  bool headed = false;  // a table under a [header]
  std::string key;      // in a table; empty in a list
  Place key_place;
  std::string text;
  std::int64_t integer = 0;
  double real = 0;
  bool boolean = false;
  std::vector<Node> children;  // of a table, sorted by key; of a list, in order

  const Node* find(std::string_view name) const;
};

// "table", "list", "string", "integer", …: for messages.
std::string_view name(Node::Kind kind);

struct Document {
  Node root;
  // Keys whose statements could not be read, by the line of the header above
  // them (0 = the root); an empty key stands for one that could not be told.
  std::map<std::uint32_t, std::set<std::string>> unread;
  // Whole blocks are missing: what is not defined may have been in one of them.
  bool lost_blocks = false;
};

Document read_document(std::string_view text, Findings& findings);

}  // namespace steadfast::config
