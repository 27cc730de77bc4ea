// SPDX-License-Identifier: Apache-2.0
// TableReader: takes the values of one table by key, each with its kind and
// domain. Asking for a key declares it: finish() reports every key nobody asked
// for (SF101) and every needed one that is not there (SF102, SF108).
//
// Must not enter: the keys themselves (parse.cc), values of other tables.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/document.h"
#include "config/finding.h"

namespace steadfast::config {

// traffic: nothing may choose it but the operator (SF108).
enum class Need { optional, required, traffic };

struct Range {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

class TableReader {
 public:
  // `object` is who findings name; it may become known only with a value read here.
  TableReader(const Node& table, std::string object, const Document& document, Findings& findings);

  void call(std::string object) { object_ = std::move(object); }
  const std::string& object() const { return object_; }

  std::optional<Text> text(std::string_view key, Need need);
  std::optional<Text> name(std::string_view key);
  std::optional<Text> word(std::string_view key, Need need, const std::vector<std::string_view>& words);
  std::optional<Text> address(std::string_view key, Need need);
  std::optional<Text> prefix(std::string_view key, Need need);  // an address is one of all bits
  std::vector<Text> prefixes(std::string_view key);
  std::optional<Located<PortRange>> ports(std::string_view key, Need need);
  std::optional<Integer> integer(std::string_view key, Need need, Range range);
  std::optional<Integer> count(std::string_view key, Need need, Range range);  // "4M" too
  std::optional<Duration> duration(std::string_view key, Need need);
  std::optional<Duration> seconds(std::string_view key, Need need, Range range);  // whole ones
  std::optional<Percent> percent(std::string_view key, Need need);
  std::optional<Located<Amount>> amount(std::string_view key, Need need);
  std::optional<Located<bool>> boolean(std::string_view key, Need need);
  std::vector<Text> texts(std::string_view key, Need need);
  std::map<std::string, Text> labels(std::string_view key);
  const Node* table(std::string_view key, Need need);
  // The tables of [[key]] or key = [ { … } ]; `list` gets the place of the latter.
  std::vector<const Node*> tables(std::string_view key, Place* list = nullptr);

  // An SF103 about a value: `expected` ends the sentence "…; it must be".
  void refuse(const Node& value, const std::string& label, const std::string& expected);
  void refuse(const Text& value, std::string_view key, const std::string& expected);
  void report(Finding finding);

  // True when nothing was reported and nothing could not be read.
  bool finish();

 private:
  struct Asked {
    std::string_view key;
    Need need;
    bool found;
  };

  const Node* ask(std::string_view key, Need need);
  std::optional<Text> text_of(const Node& node, const std::string& label);
  bool is_network(const Text& value, const std::string& label);
  void report_unknown(std::vector<std::string_view>& excused);
  void report_missing(const std::vector<std::string_view>& excused);
  const std::set<std::string>* unread() const;

  const Node& table_;
  std::string object_;
  const Document& document_;
  Findings& findings_;
  std::vector<Asked> asked_;
  bool whole_ = true;
};

// `text` as a message may show it: in quotes, shortened, no control characters.
std::string in_quotes(std::string_view text);

}  // namespace steadfast::config
