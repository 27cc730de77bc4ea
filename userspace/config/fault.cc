// SPDX-License-Identifier: Apache-2.0
#include "config/fault.h"

#include <algorithm>
#include <array>
#include <string>

#include "config/schema_rules.h"

namespace steadfast::config {
namespace {

constexpr std::array<std::string_view, 8> kNullWords{"null", "Null", "NULL", "nil",
                                                     "none", "None", "~",    "undefined"};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool ends_word(char c) {
  return is_blank(c) || c == '\r' || c == '\n' || c == ',' || c == ']' || c == '}' || c == '#';
}

// The value a fault stands in or right behind.
struct Value {
  std::size_t begin = 0;
  std::string_view text;  // empty: nothing stands where a value should
  std::string key;        // the one it belongs to
  char opener = '=';      // what it stands behind: = , [ {
  bool open_string = false;

  std::size_t end() const { return begin + text.size(); }
};

void read_word(std::string_view text, std::size_t at, const Statement& statement, Value& value) {
  while (at < statement.end && is_blank(text[at])) ++at;
  std::size_t end = at;
  while (end < statement.end && !ends_word(text[end])) ++end;
  value.begin = at;
  value.text = text.substr(at, end - at);
}

std::size_t key_begin(std::string_view text, std::size_t equals) {
  std::size_t end = equals;
  while (end > 0 && is_blank(text[end - 1])) --end;
  while (end > 0 && !ends_word(text[end - 1]) && text[end - 1] != '{') --end;
  return end;
}

std::string key_before(std::string_view text, std::size_t equals) {
  const std::size_t begin = key_begin(text, equals);
  return std::string(text.substr(begin, text.find_first_of(" \t=", begin) - begin));
}

// Walks from the equals sign: a delimiter inside a string is none.
Value value_at(std::string_view text, const Statement& statement, std::size_t fault) {
  Value value;
  value.key = join(statement.path);
  std::size_t start = statement.value;
  for (std::size_t at = start; at < std::min(fault, statement.end);) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      const std::size_t end = skip_string(text, at);
      value.open_string = (end < at + 2 || text[end - 1] != c) && end >= fault;
      value.begin = at;
      value.text = text.substr(at, end - at);
      if (end > fault || value.open_string) return value;
      at = end;
      continue;
    }
    if (c == '=') value.key = key_before(text, at);
    if (c == '=' || c == ',' || c == '[' || c == '{') {
      start = at + 1;
      value.opener = c;
    }
    ++at;
  }
  read_word(text, start, statement, value);
  return value;
}

bool is_null_word(std::string_view word) {
  return std::find(kNullWords.begin(), kNullWords.end(), word) != kNullWords.end();
}

bool is_toml_value(std::string_view word) {
  Node unused;
  return !read_toml("word = " + std::string(word), unused);
}

Finding damage(Place place, const Value& value, const TomlFault& fault) {
  const bool unclosed = fault.message.find("end-of-file") != std::string::npos;
  std::string complaint = unclosed ? "the value of \"" + value.key + "\" is not closed" : fault.message;
  Finding finding = make(kBrokenFile, "file", place, "not TOML: " + complaint);
  finding.fix = "correct the line";
  return finding;
}

Finding open_string(Place place, const Value& value) {
  Finding finding = make(kBrokenFile, "file", place, "the string of \"" + value.key + "\" is not closed");
  finding.fix = "close the string with a quote";
  return finding;
}

// 2s and 192.0.2.1 without quotes.
Finding bare_word(Place place, const Value& value) {
  const std::string word(value.text);
  Finding finding = make(
      kBrokenFile, "file", place,
      "not TOML: the value of \"" + value.key + "\" is " + word + ", neither a number nor a quoted string");
  finding.fix = "write a number, or the text in quotes: \"" + word + "\"";
  return finding;
}

Finding explain_value(Place place, Place fault_place, const Value& value, const TomlFault& fault) {
  const std::string quoted = "\"" + value.key + "\" is " + std::string(value.text);
  if (value.open_string) return open_string(place, value);
  if (is_null_word(value.text)) return make(kBlankValue, "file", place, quoted + ", which is no value");
  if (fault.overflow) return make(kOutOfDomain, "file", place, quoted + ", beyond any number here");
  const bool is_quoted = value.text.front() == '"' || value.text.front() == '\'';
  if (is_quoted || is_toml_value(value.text)) return damage(fault_place, value, fault);
  return bare_word(place, value);
}

// The end of a file is reported behind its last newline; a line has no such column.
TomlFault within_line(TomlFault fault, const Lines& lines) {
  const std::string_view line = lines.line(fault.place.line);
  const Place end = lines.place(lines.begin(fault.place.line) + line.size());
  if (end.line == fault.place.line) fault.place = std::min(fault.place, end);
  return fault;
}

// The parser names the place behind the key; the key is what is there twice.
Finding redefinition(std::string_view text, const Lines& lines, const Statement& statement,
                     const TomlFault& fault) {
  Place place = fault.place;
  if (statement.kind == Statement::Kind::pair) {
    const auto equals = text.rfind('=', lines.offset(place) - 1);
    if (equals != std::string_view::npos && equals >= statement.begin)
      place = lines.place(key_begin(text, equals));
  }
  return make(kDuplicateKey, "file", place, fault.message);
}

}  // namespace

Finding explain_fault(std::string_view text, const Lines& lines, const Statement& statement,
                      const TomlFault& reported) {
  const TomlFault fault = within_line(reported, lines);
  if (fault.redefinition) return redefinition(text, lines, statement, fault);
  if (statement.kind != Statement::Kind::pair) return damage(fault.place, {}, fault);
  const std::size_t at = lines.offset(fault.place);
  const Value value = value_at(text, statement, at);
  const Place place = lines.place(value.begin);
  if (value.text.empty() && value.opener == '=')
    return make(kBlankValue, "file", place, "\"" + value.key + "\" has no value");
  if (value.text.empty() || at > value.end()) return damage(fault.place, value, fault);
  return explain_value(place, fault.place, value, fault);
}

}  // namespace steadfast::config
