// SPDX-License-Identifier: Apache-2.0
// Verb: one thing the CLI does, declared once: the parser, the help, the man
// page, the completions and docs/cli.md are all made from the table of verbs.
//
// Must not enter: the parser's library (main.cc), what a verb does (verb_*.cc).
#pragma once

#include <iosfwd>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/exit_code.h"

namespace steadfast::cli {

// What a value is: what the parser accepts and what the shell completes.
enum class Kind { flag, text, file, word, number, port };

struct Parameter {
  std::string name;  // "FILE", or "--weight" for an option
  Kind kind = Kind::text;
  std::string placeholder;  // of an option's value: "W"
  std::string help;
  bool required = false;
  bool repeatable = false;
  std::vector<std::string> words = {};  // the values a Kind::word may have

  bool is_option() const { return name.front() == '-'; }
};

// The command line after parsing: values by the name of their parameter.
class Arguments {
 public:
  void set(const std::string& name, std::vector<std::string> values) { values_[name] = std::move(values); }

  bool has(const std::string& name) const { return values_.contains(name); }
  // The value of a required parameter.
  const std::string& text(const std::string& name) const;
  std::optional<std::string> optional(const std::string& name) const;
  std::vector<std::string> all(const std::string& name) const;
  // The parser has seen to it that these are numbers in range.
  std::optional<std::uint32_t> number(const std::string& name) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

// Where a verb writes and whom it asks.
struct Terminal {
  std::ostream& out;  // data
  std::ostream& err;  // words
  bool colour = false;
  std::string control;  // the daemon's socket
  std::string author;   // who types
};

struct Verb {
  std::string path;  // "check", "backend add"
  std::string summary;
  std::string details;  // sentences, for the man page and the reference
  std::vector<Parameter> parameters;
  int (*run)(const Arguments& arguments, Terminal& terminal) = nullptr;
  bool hidden = false;
};

std::span<const Verb> verbs();
// Options every verb understands.
std::span<const Parameter> global_options();
// "backend": what the verbs below it have in common; empty when there are none.
std::string group_summary(std::string_view group);

// "steadfast backend add POOL NAME --address ADDRESS …"
std::string synopsis(const Verb& verb);

}  // namespace steadfast::cli
