// SPDX-License-Identifier: Apache-2.0
#include "config/document.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "config/lines.h"
#include "config/recovery.h"
#include "config/schema_rules.h"
#include "config/statements.h"
#include "config/toml.h"

namespace steadfast::config {
namespace {

constexpr std::string_view kBeginMark = "# steadfast:begin";
constexpr std::string_view kEndMark = "# steadfast:end";

// Length of the UTF-8 character at `at`; 0 when the bytes there are none.
std::size_t character_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned lead = byte(at);
  if (lead < 0x80) return lead == 0 ? 0 : 1;
  if (lead >= 0xc2 && lead < 0xe0) return follows(at + 1) ? 2 : 0;
  if (lead >= 0xe0 && lead < 0xf0) {
    const unsigned next = byte(at + 1);
    const bool valid = !(lead == 0xe0 && next < 0xa0) && !(lead == 0xed && next >= 0xa0);
    return valid && follows(at + 1) && follows(at + 2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead < 0xf5) {
    const unsigned next = byte(at + 1);
    const bool valid = !(lead == 0xf0 && next < 0x90) && !(lead == 0xf4 && next >= 0x90);
    return valid && follows(at + 1) && follows(at + 2) && follows(at + 3) ? 4 : 0;
  }
  return 0;
}

// Control characters other than tabs and line ends: no TOML, and no editor's doing.
bool is_control(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte == '\r') return at + 1 >= text.size() || text[at + 1] != '\n';
  return (byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7f;
}

// What can be said of the bytes before anything is parsed.
class Bytes {
 public:
  Bytes(std::string_view text, Findings& findings) : text_(text), lines_(text), findings_(findings) {}

  void inspect() {
    find_foreign_bytes();
    if (text_.back() != '\n') {
      find_cut();
    } else {
      find_missing_end();
    }
  }

  std::set<std::uint32_t> damaged;
  bool cut = false;

 private:
  // One finding for each run of lines: damage comes in blocks.
  void find_foreign_bytes() {
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t length = character_length(text_, at);
      if (length != 0 && !is_control(text_, at)) {
        at += length;
        continue;
      }
      const Place place = lines_.place(at);
      if (!damaged.contains(place.line - 1)) report_byte(at, place);
      damaged.insert(place.line);
      at = lines_.begin(place.line + 1);
    }
  }

  void report_byte(std::size_t at, Place place) {
    const char* what = text_[at] == '\0'       ? "a NUL byte"
                       : is_control(text_, at) ? "a control character"
                                               : "a byte that is not UTF-8";
    findings_.push_back(make(kBrokenFile, "file", place, std::string("the file holds ") + what));
  }

  void find_cut() {
    const std::uint32_t last = lines_.count();
    const Place place = lines_.place(text_.size());
    findings_.push_back(
        make(kBrokenFile, "file", place,
             "the file ends within line " + std::to_string(last) + ", without a newline: it is truncated"));
    damaged.insert(last);
    cut = true;
  }

  void find_missing_end() {
    if (lines_.line(1) != kBeginMark) return;
    const std::uint32_t last = lines_.count();
    for (std::uint32_t line = 2; line < last; ++line)
      if (lines_.line(line) == kEndMark) return report_trailing(line, last);
    if (lines_.line(last) == kEndMark) return;
    findings_.push_back(make(kBrokenFile, "file", {last, 1},
                             "the file begins with \"" + std::string(kBeginMark) +
                                 "\" but does not end with \"" + std::string(kEndMark) +
                                 "\": it is truncated"));
    cut = true;
  }

  void report_trailing(std::uint32_t mark, std::uint32_t last) {
    findings_.push_back(make(kBrokenFile, "file", {mark + 1, 1},
                             "the file goes on behind \"" + std::string(kEndMark) + "\""));
    for (std::uint32_t line = mark + 1; line <= last; ++line) damaged.insert(line);
  }

  std::string_view text_;
  Lines lines_;
  Findings& findings_;
};

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
  Bytes bytes(text, findings);
  bytes.inspect();
  Document document;
  if (!bytes.damaged.empty() || read_toml(text, document.root))
    document = Recovery(text, bytes.damaged, findings).run();
  if (bytes.cut) mark_cut(text, document);
  return document;
}

}  // namespace steadfast::config
