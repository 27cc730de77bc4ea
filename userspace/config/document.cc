// SPDX-License-Identifier: Apache-2.0
#include "config/document.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "config/bytes.h"
#include "config/recovery.h"
#include "config/schema_rules.h"
#include "config/statements.h"
#include "config/toml.h"

namespace steadfast::config {
namespace {

Document empty_document(Findings& findings) {
  findings.push_back(make(kBrokenFile, "file", {1, 1}, "the file is empty"));
  Document document;
  document.root.kind = Node::Kind::table;
  document.lost_blocks = true;
  document.unread[0].insert("");
  return document;
}

// What the last block lacks, and what is not defined, may stand behind the cut.
void mark_cut(std::string_view text, Document& document) {
  std::uint32_t last_header = 0;
  for (const Statement& statement : split_statements(text))
    if (statement.kind == Statement::Kind::header) last_header = statement.line;
  document.unread[last_header].insert("");
  document.unread[0].insert("");
  document.lost_blocks = true;
}

}  // namespace

const Node* Node::find(std::string_view name) const {
  const auto at =
      std::lower_bound(children.begin(), children.end(), name,
                       [](const Node& node, std::string_view sought) { return node.key < sought; });
  return at != children.end() && at->key == name ? &*at : nullptr;
}

std::string_view name(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::table:
      return "a table";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::text:
      return "a string";
    case Node::Kind::integer:
      return "an integer";
    case Node::Kind::real:
      return "a decimal number";
    case Node::Kind::boolean:
      return "a boolean";
    case Node::Kind::other:
      return "a date or time";
  }
  return "a value";
}

Document read_document(std::string_view text, Findings& findings) {
  if (text.empty()) return empty_document(findings);
  const std::size_t known = findings.size();
  const Damage bytes = inspect_bytes(text, findings);
  Document document;
  std::optional<TomlFault> fault;
  if (bytes.lines.empty()) fault = read_toml(text, document.root);
  if (fault || !bytes.lines.empty()) document = Recovery(text, bytes.lines, findings).run();
  // Whatever recovery makes of it: a text that is not TOML never passes.
  if (fault && findings.size() == known)
    findings.push_back(make(kBrokenFile, "file", fault->place, "not TOML: " + fault->message));
  if (bytes.cut) mark_cut(text, document);
  return document;
}

}  // namespace steadfast::config
