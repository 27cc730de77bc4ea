// SPDX-License-Identifier: Apache-2.0
#include "config/comments.h"

#include <algorithm>
#include <cstdint>

#include "config/lines.h"

namespace steadfast::config {
namespace {

class Search {
 public:
  Search(std::string_view text, const std::vector<Statement>& statements)
      : text_(text), statements_(statements), lines_(text) {}

  std::vector<Comment> run() {
    std::size_t at = 0;
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      search_between(at, statements_[i].begin, i);
      search_within(i);
      at = statements_[i].end;
    }
    search_between(at, text_.size(), kNoStatement);
    return std::move(comments_);
  }

 private:
  // Lines that hold nothing but blanks and comments. Those that follow each other
  // down to a statement belong to it.
  void search_between(std::size_t begin, std::size_t end, std::size_t statement_below) {
    const std::size_t first = comments_.size();
    for (std::size_t at = begin; at < end; at = std::min(text_.find('\n', at), end - 1) + 1)
      if (const std::size_t hash = text_.find_first_not_of(" \t\r", at); hash < end && text_[hash] == '#')
        add(hash, kNoStatement);
    if (statement_below == kNoStatement) return;
    std::uint32_t below = statements_[statement_below].line;
    for (std::size_t i = comments_.size(); i > first && comments_[i - 1].place.line + 1 == below; --i) {
      below = comments_[i - 1].place.line;
      comments_[i - 1].statement = statement_below;
      comments_[i - 1].line = statements_[statement_below].line;
    }
  }

  void search_within(std::size_t index) {
    const Statement& statement = statements_[index];
    for (std::size_t at = statement.begin; at < statement.end;) {
      if (text_[at] == '"' || text_[at] == '\'') {
        at = std::max(skip_string(text_, at), at + 1);
        continue;
      }
      if (text_[at] == '#') {
        add(at, index);
        at = std::min(text_.find('\n', at), statement.end);
        continue;
      }
      ++at;
    }
  }

  void add(std::size_t hash, std::size_t statement) {
    Comment comment;
    comment.place = lines_.place(hash);
    std::size_t end = std::min(text_.find('\n', hash), text_.size());
    if (text_[end - 1] == '\r') --end;
    comment.text = text_.substr(hash + 1, end - hash - 1);
    comment.statement = statement;
    comment.line = comment.place.line;
    if (statement != kNoStatement) settle_within(comment, hash);
    comments_.push_back(comment);
  }

  // Alone on a line of a long list it speaks of the item below.
  void settle_within(Comment& comment, std::size_t hash) const {
    comment.within = comment.place.line != statements_[comment.statement].line;
    const std::size_t begin = lines_.begin(comment.place.line);
    const bool alone = text_.find_first_not_of(" \t", begin) == hash;
    if (alone) ++comment.line;
  }

  std::string_view text_;
  const std::vector<Statement>& statements_;
  Lines lines_;
  std::vector<Comment> comments_;
};

}  // namespace

std::vector<Comment> find_comments(std::string_view text, const std::vector<Statement>& statements) {
  return Search(text, statements).run();
}

}  // namespace steadfast::config
