// SPDX-License-Identifier: Apache-2.0
#include "config/layout.h"

#include <algorithm>
#include <cstdio>

#include "base/bug.h"

namespace steadfast::config {
namespace {

constexpr auto kNowhere = std::string_view::npos;

std::size_t skip(std::string_view text, std::size_t at, std::string_view what) {
  return std::min(text.find_first_not_of(what, at), text.size());
}

// Spaces, line ends and comments.
std::size_t skip_filling(std::string_view text, std::size_t at) {
  for (;;) {
    at = skip(text, at, " \t\r\n");
    if (at >= text.size() || text[at] != '#') return at;
    at = std::min(text.find('\n', at), text.size());
  }
}

std::size_t line_begin(std::string_view text, std::size_t at) {
  const auto newline = at == 0 ? kNowhere : text.rfind('\n', at - 1);
  return newline == kNowhere ? 0 : newline + 1;
}

std::size_t next_line(std::string_view text, std::size_t at) {
  const auto newline = text.find('\n', at);
  return newline == kNowhere ? text.size() : newline + 1;
}

// Behind the last character before `at` that is no blank.
std::size_t trim_back(std::string_view text, std::size_t at, std::string_view what) {
  const auto last = at == 0 ? kNowhere : text.find_last_not_of(what, at - 1);
  return last == kNowhere ? 0 : last + 1;
}

bool is_blank_line(std::string_view text, std::size_t begin) {
  return begin < text.size() && text[skip(text, begin, " \t\r")] == '\n';
}

std::size_t value_end(std::string_view text, std::size_t at) {
  if (text[at] == '"' || text[at] == '\'') return skip_string(text, at);
  return std::min(text.find_first_of(" \t\r\n,]}#", at), text.size());
}

std::string inline_table(const Pairs& pairs) {
  std::string table;
  for (const auto& [key, literal] : pairs) table += (table.empty() ? "{ " : ", ") + key + " = " + literal;
  return table + " }";
}

}  // namespace

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    char escaped[8];
    std::snprintf(escaped, sizeof escaped, "\\u%04X", static_cast<unsigned char>(c));
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += escaped;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

Layout::Layout(std::string_view text) : text_(text), lines_(text), statements_(split_statements(text)) {}

std::string Layout::result() const {
  std::string out(text_);
  std::vector<Splice> from_the_end = splices_;
  std::stable_sort(from_the_end.begin(), from_the_end.end(),
                   [](const Splice& a, const Splice& b) { return a.begin > b.begin; });
  for (const Splice& splice : from_the_end) out.replace(splice.begin, splice.end - splice.begin, splice.text);
  return out;
}

void Layout::splice(std::size_t begin, std::size_t end, std::string text) {
  splices_.push_back({begin, end, std::move(text)});
}

std::string Layout::indent_of(std::size_t offset) const {
  const std::size_t begin = line_begin(text_, offset);
  return std::string(text_.substr(begin, skip(text_, begin, " \t") - begin));
}

// Behind the last statement of the block, tables below it included.
std::size_t Layout::block_end(Place header) const {
  auto at = std::find_if(statements_.begin(), statements_.end(),
                         [&](const Statement& s) { return s.line == header.line; });
  invariant(at != statements_.end(), "a table has a place where no header stands");
  const std::vector<std::string>& path = at->path;
  std::size_t end = at->end;
  for (++at; at != statements_.end(); ++at) {
    const bool below =
        at->path.size() > path.size() && std::equal(path.begin(), path.end(), at->path.begin());
    if (at->kind == Statement::Kind::header && !below) break;
    end = at->end;
  }
  return end;
}

void Layout::put(const Backend& backend, const std::string& key, std::optional<Place> known,
                 const std::string& literal) {
  if (known) {
    const std::size_t at = lines_.offset(*known);
    splice(at, value_end(text_, at), literal);
  } else if (is_inline(backend.place)) {
    insert_key_inline(lines_.offset(backend.end), key + " = " + literal);
  } else {
    const std::size_t at = lines_.begin(backend.end.line);
    splice(at, at, indent_of(lines_.offset(backend.name->place)) + key + " = " + literal + "\n");
  }
}

void Layout::insert_key_inline(std::size_t brace, const std::string& pair) {
  const std::size_t at = trim_back(text_, brace, " \t");
  splice(at, at, (text_[at - 1] == '{' ? " " : ", ") + pair);
}

void Layout::append(const Pool& pool, const Pairs& backend) {
  if (pool.backend_list) {
    append_to_list(pool, inline_table(backend));
  } else if (is_inline(pool.place)) {
    insert_key_inline(closing_bracket(lines_.offset(pool.place)),
                      "backend = [" + inline_table(backend) + "]");
  } else {
    append_block(pool, backend);
  }
}

void Layout::append_block(const Pool& pool, const Pairs& backend) {
  std::string indent = indent_of(lines_.offset(pool.place));
  bool spaced = true;
  if (!pool.backends.empty()) {
    const std::size_t header = lines_.begin(pool.backends.back().place.line);
    indent = indent_of(header);
    spaced = is_blank_line(text_, line_begin(text_, header == 0 ? 0 : header - 1));
  }
  std::string block = (spaced ? "\n" : "") + indent + "[[pool.backend]]\n";
  for (const auto& [key, literal] : backend) block += indent + key + " = " + literal + "\n";
  const std::size_t at = block_end(pool.place);
  splice(at, at, block);
}

std::size_t Layout::closing_bracket(std::size_t opening) const {
  int depth = 0;
  for (std::size_t at = opening; at < text_.size();) {
    const char c = text_[at];
    if (c == '"' || c == '\'') {
      at = skip_string(text_, at);
      continue;
    }
    if (c == '#') at = std::min(text_.find('\n', at), text_.size() - 1);
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && --depth == 0) return at;
    ++at;
  }
  bug("a list of a whole file is not closed");
}

void Layout::append_to_list(const Pool& pool, const std::string& item) {
  const std::size_t opening = lines_.offset(pool.backend_list);
  const std::size_t closing = closing_bracket(opening);
  if (pool.backends.empty()) {
    splice(opening + 1, opening + 1, " " + item + (text_[opening + 1] == ']' ? " " : ""));
    return;
  }
  const std::size_t last_end = lines_.offset(pool.backends.back().end) + 1;
  const std::size_t behind = skip_filling(text_, last_end);
  const bool has_comma = text_[behind] == ',';
  const bool same_line = text_.substr(last_end, closing - last_end).find('\n') == kNowhere;
  if (!same_line) {
    append_line(last_end, has_comma ? behind : kNowhere, item);
  } else if (has_comma) {
    splice(behind + 1, behind + 1, " " + item);
  } else {
    splice(last_end, last_end, ", " + item);
  }
}

// A line of its own below the last item; what follows that item on its line stays there.
void Layout::append_line(std::size_t last_end, std::size_t comma, const std::string& item) {
  if (comma == kNowhere) splice(last_end, last_end, ",");
  const std::size_t below = next_line(text_, comma == kNowhere ? last_end : comma);
  splice(below, below, indent_of(last_end) + item + (comma == kNowhere ? "\n" : ",\n"));
}

void Layout::remove(const Backend& backend) {
  if (is_inline(backend.place)) {
    remove_item(backend);
  } else {
    remove_block(backend);
  }
}

void Layout::remove_block(const Backend& backend) {
  const std::size_t begin = lines_.begin(backend.place.line);
  std::size_t end = block_end(backend.place);
  const bool blank_above = begin == 0 || is_blank_line(text_, line_begin(text_, begin - 1));
  if (blank_above && is_blank_line(text_, end)) end = next_line(text_, end);
  splice(begin, end, "");
}

// A comma may close a list, so only one on the same line goes with the last item.
void Layout::remove_item(const Backend& backend) {
  std::size_t begin = lines_.offset(backend.place);
  std::size_t end = lines_.offset(backend.end) + 1;
  const std::size_t behind = skip(text_, end, " \t");
  const bool comma_behind = text_[behind] == ',';
  if (comma_behind) end = skip(text_, behind + 1, " \t");
  const std::size_t rest = skip(text_, end, " \t\r");
  const bool alone = line_begin(text_, begin) == trim_back(text_, begin, " \t");
  if (alone && (text_[rest] == '\n' || text_[rest] == '#')) {
    splice(line_begin(text_, begin), next_line(text_, rest), "");
    return;
  }
  const std::size_t before = trim_back(text_, begin, " \t");
  if (!comma_behind && text_[before - 1] == ',') begin = before - 1;
  splice(begin, end, "");
}

}  // namespace steadfast::config
