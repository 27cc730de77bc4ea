// SPDX-License-Identifier: Apache-2.0
// Recovery: what is wrong with a text that is not TOML, all of it. A TOML parser
// stops at its first fault; here every statement is read alone, the broken ones
// are reported and blanked, and the rest is parsed as a whole. What was blanked
// is remembered, so that nobody calls it missing.
//
// Must not enter: which keys exist (parse.cc).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/document.h"
#include "config/finding.h"
#include "config/lines.h"
#include "config/owner.h"
#include "config/statements.h"
#include "config/toml.h"

namespace steadfast::config {

class Recovery {
 public:
  // `damaged` are lines that have been reported already and must not be read.
  Recovery(std::string_view text, std::set<std::uint32_t> damaged, Findings& findings);

  Document run();

 private:
  void read(const Statement& statement);
  void read_garbage(const Statement& statement);
  void read_header(const Statement& statement);
  void read_pair(const Statement& statement);
  bool is_damaged(const Statement& statement) const;
  bool belongs_to_lost_block(const Statement& header) const;
  bool has_twin_header(const Statement& header);
  bool has_twin_key(const Statement& pair);
  void open_block(const Statement& header);
  void lose_block(const Statement& header);
  void lose(const Statement& statement);
  void give_up(Document& document, const TomlFault& fault);
  bool drop_statement_at(const TomlFault& fault);
  std::uint32_t header_above(const Statement& statement) const;
  void report(const Statement& statement, const TomlFault& fault);
  void report_twin(const Statement& second, std::uint32_t first_line, const std::string& what);
  std::string owner_at(std::uint32_t line);
  void blank(std::size_t begin, std::size_t end);

  std::string_view original_;
  std::string text_;  // with what is broken blanked; lines and columns stay
  Lines lines_;
  std::set<std::uint32_t> damaged_;
  std::vector<Statement> statements_;
  Findings& findings_;
  Document document_;
  std::optional<Owners> owners_;  // made for the first fault

  std::uint32_t header_ = 0;  // line of the header above; 0 = none
  bool in_lost_block_ = false;
  std::vector<std::string> lost_path_;  // of the header that opened the lost block; empty when unreadable
  std::uint32_t broken_until_ = 0;      // last line of the broken statement before
  std::map<std::string, std::uint32_t> keys_;    // of the block being read → line
  std::map<std::string, std::uint32_t> tables_;  // headers in force → line
};

}  // namespace steadfast::config
