// SPDX-License-Identifier: Apache-2.0
#include "config/recovery.h"

#include <algorithm>
#include <utility>

#include "config/fault.h"
#include "config/schema_rules.h"

namespace steadfast::config {
namespace {

// Faults that only the whole file shows (a table where a list was) are found one
// parse at a time; nobody reads more than this many.
constexpr int kMaxWholeParses = 16;
constexpr int kMaxFaultsPerStatement = 64;

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

TomlFault moved(TomlFault fault, std::uint32_t first_line) {
  fault.place.line += first_line - 1;
  return fault;
}

}  // namespace

Recovery::Recovery(std::string_view text, std::set<std::uint32_t> damaged, Findings& findings)
    : original_(text),
      text_(text),
      lines_(original_),
      damaged_(std::move(damaged)),
      statements_(split_statements(original_)),
      findings_(findings) {}

Document Recovery::run() {
  for (const std::uint32_t line : damaged_) blank(lines_.begin(line), lines_.begin(line + 1));
  for (const Statement& statement : statements_) read(statement);
  for (int parses = 0;; ++parses) {
    const auto fault = read_toml(text_, document_.root);
    if (!fault) break;
    if (parses == kMaxWholeParses || !drop_statement_at(*fault)) {
      give_up(document_, *fault);
      break;
    }
  }
  return std::move(document_);
}

void Recovery::read(const Statement& statement) {
  if (is_damaged(statement)) {
    lose(statement);
    return;
  }
  switch (statement.kind) {
    case Statement::Kind::garbage:
      read_garbage(statement);
      break;
    case Statement::Kind::header:
      read_header(statement);
      break;
    case Statement::Kind::pair:
      read_pair(statement);
      break;
  }
}

// Lines of garbage in a row, or right under a broken statement, are one fault.
void Recovery::read_garbage(const Statement& statement) {
  Node unused;
  const auto fault = read_toml(original_.substr(statement.begin, statement.end - statement.begin), unused);
  const bool follows = broken_until_ != 0 && broken_until_ + 1 >= statement.line;
  if (fault && !follows) report(statement, moved(*fault, statement.line));
  lose(statement);
}

void Recovery::read_header(const Statement& header) {
  Node unused;
  const auto fault = read_toml(original_.substr(header.begin, header.end - header.begin), unused);
  if (fault) {
    report(header, moved(*fault, header.line));
    lose_block(header);
  } else if (belongs_to_lost_block(header)) {
    lose(header);
  } else if (has_twin_header(header)) {
    lose_block(header);
  } else {
    open_block(header);
  }
}

// Blanks broken lines of a value one by one, so that a list says all that is
// wrong with it; the first line carries the key and ends the attempt.
void Recovery::read_pair(const Statement& pair) {
  for (int faults = 0; faults < kMaxFaultsPerStatement; ++faults) {
    Node unused;
    const auto fault = read_toml(std::string_view(text_).substr(pair.begin, pair.end - pair.begin), unused);
    if (!fault) break;
    const TomlFault found = moved(*fault, pair.line);
    report(pair, found);
    document_.unread[header_].insert(pair.path.front());
    broken_until_ = pair.line + pair.lines - 1;
    if (found.place.line <= pair.line || found.place.line >= pair.line + pair.lines - 1) {
      lose(pair);
      return;
    }
    blank(lines_.begin(found.place.line), lines_.begin(found.place.line + 1));
  }
  if (in_lost_block_ || has_twin_key(pair)) lose(pair);
}

bool Recovery::is_damaged(const Statement& statement) const {
  const auto first = damaged_.lower_bound(statement.line);
  return first != damaged_.end() && *first < statement.line + statement.lines;
}

// A table below a header that was lost would fall to the table before it.
bool Recovery::belongs_to_lost_block(const Statement& header) const {
  const auto& path = header.path;
  if (!in_lost_block_ || path.size() < 2) return false;
  if (lost_path_.empty()) return true;
  return path.size() > lost_path_.size() && std::equal(lost_path_.begin(), lost_path_.end(), path.begin());
}

bool Recovery::has_twin_header(const Statement& header) {
  const std::string path = join(header.path);
  const auto [known, is_new] = tables_.try_emplace(path, header.line);
  if (is_new || header.array) return false;
  report_twin(header, known->second, "table [" + path + "]");
  document_.unread[known->second].insert("");
  return true;
}

bool Recovery::has_twin_key(const Statement& pair) {
  const std::string key = join(pair.path);
  const auto [known, is_new] = keys_.try_emplace(key, pair.line);
  if (is_new) return false;
  report_twin(pair, known->second, "key \"" + key + "\"");
  return true;
}

void Recovery::open_block(const Statement& header) {
  header_ = header.line;
  in_lost_block_ = false;
  keys_.clear();
  if (!header.array) return;
  const std::string below = join(header.path) + ".";
  for (auto it = tables_.lower_bound(below); it != tables_.end() && begins_with(it->first, below);)
    it = tables_.erase(it);
}

// The keys below a header that could not be read must not fall to the table above it.
void Recovery::lose_block(const Statement& header) {
  lose(header);
  lost_path_ = header.path;
}

void Recovery::lose(const Statement& statement) {
  blank(statement.begin, statement.end);
  broken_until_ = std::max(broken_until_, statement.line + statement.lines - 1);
  if (statement.kind == Statement::Kind::header) {
    if (!in_lost_block_) lost_path_ = statement.path;
    in_lost_block_ = true;
    document_.lost_blocks = true;
    keys_.clear();
  } else if (in_lost_block_) {
    return;
  }
  document_.unread[header_].insert(statement.path.empty() ? "" : statement.path.front());
}

bool Recovery::drop_statement_at(const TomlFault& fault) {
  const auto after = std::find_if(statements_.begin(), statements_.end(),
                                  [&](const Statement& s) { return s.line > fault.place.line; });
  if (after == statements_.begin()) return false;
  const auto found = std::prev(after);
  report(*found, fault);
  blank(found->begin, found->end);
  document_.unread[header_above(*found)].insert(found->path.empty() ? "" : found->path.front());
  if (found->kind != Statement::Kind::header) return true;
  document_.lost_blocks = true;
  for (auto it = after; it != statements_.end() && it->kind != Statement::Kind::header; ++it)
    blank(it->begin, it->end);
  return true;
}

std::uint32_t Recovery::header_above(const Statement& statement) const {
  std::uint32_t line = 0;
  for (const Statement& header : statements_) {
    if (header.line >= statement.line) break;
    if (header.kind == Statement::Kind::header) line = header.line;
  }
  return line;
}

void Recovery::give_up(Document& document, const TomlFault& fault) {
  findings_.push_back(make(kBrokenFile, "file", fault.place, "not TOML: " + fault.message));
  document.root = Node{};
  document.root.kind = Node::Kind::table;
  document.lost_blocks = true;
  document.unread[0].insert("");
}

void Recovery::report(const Statement& statement, const TomlFault& fault) {
  Finding finding = explain_fault(original_, lines_, statement, fault);
  finding.object = owner_at(statement.line);
  findings_.push_back(std::move(finding));
}

std::string Recovery::owner_at(std::uint32_t line) {
  if (!owners_) owners_.emplace(original_, statements_);
  return owners_->at(line);
}

void Recovery::report_twin(const Statement& second, std::uint32_t first_line, const std::string& what) {
  const auto place_on = [this](std::uint32_t line) {
    const auto indent = lines_.line(line).find_first_not_of(" \t");
    return Place{line, static_cast<std::uint32_t>(indent == std::string_view::npos ? 1 : indent + 1)};
  };
  Finding finding =
      make(kDuplicateKey, owner_at(second.line), place_on(second.line), what + " is there twice");
  finding.related.push_back({place_on(first_line), "first defined here"});
  findings_.push_back(std::move(finding));
}

void Recovery::blank(std::size_t begin, std::size_t end) {
  for (std::size_t at = begin; at < end; ++at)
    if (text_[at] != '\n') text_[at] = ' ';
}

}  // namespace steadfast::config
