// SPDX-License-Identifier: Apache-2.0
#include "config/statements.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace steadfast::config {
namespace {

constexpr auto kNowhere = std::string_view::npos;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

bool is_bare(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; }

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  const auto newline = text.find('\n', at);
  return newline == kNowhere ? text.size() : newline;
}

std::size_t next_line(std::string_view text, std::size_t at) {
  return std::min(text.size(), line_end(text, at) + 1);
}

bool at_end_of_line(std::string_view text, std::size_t at) {
  at = skip_blanks(text, at);
  return at >= text.size() || text[at] == '\n' || text[at] == '#';
}

std::size_t key_part(std::string_view text, std::size_t at, std::string& part) {
  if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
    const std::size_t end = skip_string(text, at);
    if (end >= at + 2) part = text.substr(at + 1, end - at - 2);
    return end;
  }
  const std::size_t begin = at;
  while (at < text.size() && is_bare(text[at])) ++at;
  part = text.substr(begin, at - begin);
  return at;
}

// A dotted key at `at`; moves behind it. Empty when there is none.
std::vector<std::string> read_key(std::string_view text, std::size_t& at) {
  std::vector<std::string> path;
  for (;;) {
    std::string part;
    at = skip_blanks(text, key_part(text, skip_blanks(text, at), part));
    if (part.empty()) return {};
    path.push_back(part);
    if (at >= text.size() || text[at] != '.') return path;
    ++at;
  }
}

// A whole and bare header: what no line inside an open bracket of ours looks like.
bool is_plain_header(std::string_view text, std::size_t at) {
  at = skip_blanks(text, at);
  if (at >= text.size() || text[at] != '[') return false;
  const bool array = text.substr(at, 2) == "[[";
  at += array ? 2 : 1;
  if (at >= text.size() || std::isalpha(static_cast<unsigned char>(text[at])) == 0) return false;
  if (read_key(text, at).empty()) return false;
  const std::string_view closing = array ? "]]" : "]";
  return text.substr(at, closing.size()) == closing && at_end_of_line(text, at + closing.size());
}

bool looks_like_pair(std::string_view text, std::size_t at) {
  return !read_key(text, at).empty() && at < text.size() && text[at] == '=';
}

// A list over many lines with a fault inside: it ends at a line that begins with
// its bracket, unless another statement begins before.
std::optional<std::size_t> closing_line(std::string_view text, std::size_t at) {
  for (at = next_line(text, at); at < text.size(); at = next_line(text, at)) {
    if (is_plain_header(text, at) || looks_like_pair(text, at)) return std::nullopt;
    const char first = text[std::min(skip_blanks(text, at), text.size() - 1)];
    if (first == ']' || first == '}') return next_line(text, at);
  }
  return std::nullopt;
}

// Behind the last line of the value at `at`; nothing when its brackets do not close.
std::optional<std::size_t> value_end(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    switch (text[at]) {
      case '"':
      case '\'':
        at = skip_string(text, at);
        continue;
      case '#':
        at = line_end(text, at);
        continue;
      case '[':
      case '{':
        ++depth;
        break;
      case ']':
      case '}':
        --depth;
        break;
      case '\n':
        if (depth <= 0) return at + 1;
        if (is_plain_header(text, at + 1)) return std::nullopt;
        break;
      default:
        break;
    }
    ++at;
  }
  if (depth > 0) return std::nullopt;
  return text.size();
}

Statement read_header(std::string_view text, std::size_t at) {
  Statement header;
  header.kind = Statement::Kind::header;
  header.array = text.substr(at, 2) == "[[";
  at += header.array ? 2 : 1;
  header.path = read_key(text, at);
  header.end = next_line(text, at);
  return header;
}

Statement read_pair(std::string_view text, std::size_t at) {
  Statement pair;
  pair.path = read_key(text, at);
  pair.end = next_line(text, at);
  if (pair.path.empty() || at >= text.size() || text[at] != '=') return pair;
  pair.kind = Statement::Kind::pair;
  pair.value = at + 1;
  auto end = value_end(text, pair.value);
  if (!end) end = closing_line(text, pair.value);
  pair.end = end.value_or(pair.end);
  return pair;
}

}  // namespace

std::size_t skip_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string triple(3, quote);
  if (text.substr(at, 3) == triple) {
    const auto closing = text.find(triple, at + 3);
    return closing == kNowhere ? line_end(text, at) : closing + 3;
  }
  for (++at; at < text.size() && text[at] != '\n'; ++at) {
    if (text[at] == '\\' && quote == '"' && at + 1 < text.size() && text[at + 1] != '\n') {
      ++at;
    } else if (text[at] == quote) {
      return at + 1;
    }
  }
  return at;
}

std::vector<Statement> split_statements(std::string_view text) {
  std::vector<Statement> statements;
  std::uint32_t line = 1;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t at = skip_blanks(text, begin);
    std::size_t end = next_line(text, begin);
    std::uint32_t lines = 1;
    if (!at_end_of_line(text, at)) {
      Statement statement = text[at] == '[' ? read_header(text, at) : read_pair(text, at);
      end = std::max(end, statement.end);
      lines = static_cast<std::uint32_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                                    text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
      lines = std::max(1u, lines);
      statement.begin = begin;
      statement.end = end;
      statement.line = line;
      statement.lines = lines;
      statements.push_back(std::move(statement));
    }
    begin = end;
    line += lines;
  }
  return statements;
}

std::string join(const std::vector<std::string>& path) {
  std::string joined;
  for (const std::string& part : path) joined += (joined.empty() ? "" : ".") + part;
  return joined;
}

}  // namespace steadfast::config
