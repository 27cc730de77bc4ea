// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/test_file.h"

#include <algorithm>
#include <utility>

#include "base/address.h"
#include "bpf/abi.h"
#include "config/document.h"
#include "config/schema_rules.h"
#include "config/table_reader.h"
#include "config/units.h"

namespace steadfast::rehearsal {
namespace {

using config::in_quotes;
using config::Need;
using config::Node;
using config::TableReader;

constexpr config::Range kBackends{1, 65535};

std::vector<std::string_view> verdict_labels() {
  return {
#define X(symbol, value, action, kind, label, help) label,
      SF_VERDICTS(X)
#undef X
  };
}

// Unlike a share that the configuration sets, one that a test expects may be 0%.
std::optional<config::Percent> read_share(TableReader& table, std::string_view key) {
  const auto text = table.text(key, Need::optional);
  if (!text) return std::nullopt;
  if (const auto share = config::parse_percent(**text)) return config::Percent(*share, text->place);
  table.refuse(*text, key, "a percentage from \"0%\" to \"100%\"");
  return std::nullopt;
}

std::vector<config::Text> read_addresses(TableReader& table) {
  std::vector<config::Text> addresses = table.texts("addresses", Need::optional);
  for (const config::Text& address : addresses)
    if (!Address::parse(*address)) table.refuse(address, "addresses", "IPv4 or IPv6 addresses");
  return addresses;
}

std::optional<config::Text> read_outer_source(TableReader& table) {
  auto source = table.text("outer_source", Need::optional);
  if (source && !Prefix::parse(**source)) table.refuse(*source, "outer_source", "an address or a prefix");
  return source;
}

Expectation read_expectation(TableReader& table) {
  Expectation expect;
  expect.verdict = table.word("verdict", Need::optional, verdict_labels());
  expect.service = table.text("service", Need::optional);
  expect.pool = table.text("pool", Need::optional);
  expect.backend = table.text("backend", Need::optional);
  expect.not_backend = table.text("not_backend", Need::optional);
  expect.state = table.word("state", Need::optional, {"active", "drain", "disabled"});
  expect.not_state = table.word("not_state", Need::optional, {"active", "drain", "disabled"});
  expect.forward = table.word("forward", Need::optional, {"l2", "ipip", "gue"});
  expect.max_share = read_share(table, "max_share");
  expect.min_share = read_share(table, "min_share");
  expect.max_moved = read_share(table, "max_moved");
  expect.max_dropped = read_share(table, "max_dropped");
  expect.min_backends = table.integer("min_backends", Need::optional, kBackends);
  expect.addresses = read_addresses(table);
  expect.outer_source = read_outer_source(table);
  return expect;
}

class Reader {
 public:
  Reader(const config::Document& document, Findings& findings) : document_(document), findings_(findings) {}

  std::vector<Test> run() {
    TableReader root(document_.root, "file", document_, findings_);
    const auto tables = root.tables("test");
    for (std::size_t i = 0; i < tables.size(); ++i) add(*tables[i], i);
    const bool whole = root.finish();
    if (tables.empty() && whole)
      root.report(make(config::kBlankValue, "file", {1, 1}, "the file has no [[test]]: it cannot fail"));
    return std::move(tests_);
  }

 private:
  void add(const Node& node, std::size_t index) {
    TableReader table(node, "test/#" + std::to_string(index + 1), document_, findings_);
    Test test;
    test.place = node.place;
    const auto name = table.text("name", Need::required);
    if (name) table.call("test/" + **name);
    test.against_running = read_against(table);
    if (const Node* given = table.table("given", Need::optional)) read_given(*given, table.object(), test);
    const bool packet = read_packet(table, test);
    if (const Node* expect = table.table("expect", Need::required))
      read_expect(*expect, table.object(), test);
    if (packet) check_source_port(table, test);
    check_against(table, test);
    if (name) check_name(table, *name);
    table.finish();
    if (name) test.name = **name;
    if (name && packet) tests_.push_back(std::move(test));
  }

  bool read_against(TableReader& table) {
    against_ = table.word("against", Need::optional, {"running"});
    return against_.has_value();
  }

  void read_given(const Node& node, const std::string& object, Test& test) const {
    TableReader given(node, object, document_, findings_);
    test.down = given.texts("down", Need::required);
    given.finish();
  }

  static bool read_packet(TableReader& table, Test& test) {
    const auto text = table.text("packet", Need::required);
    if (!text) return false;
    const auto spec = parse_packet_spec(**text);
    if (!spec) {
      table.report(make(config::kOutOfDomain, table.object(), text->place, spec.error().what));
      return false;
    }
    test.packet = *spec;
    test.packet_place = text->place;
    test.packet_text = **text;
    return true;
  }

  void read_expect(const Node& node, const std::string& object, Test& test) const {
    TableReader table(node, object, document_, findings_);
    test.expect = read_expectation(table);
    if (node.children.empty())
      table.report(make(config::kBlankValue, object, node.place,
                        "\"expect\" has no key: a test that expects nothing cannot fail"));
    table.finish();
  }

  // One source port is one flow: it has no shares; every source port has no one backend.
  static void check_source_port(TableReader& table, const Test& test) {
    const Expectation& expect = test.expect;
    if (test.packet.any_source_port) {
      refuse_key(table, expect.backend, "backend", "used with one source port, as in 203.0.113.7:40000");
      return;
    }
    constexpr char kEvery[] = "used with every source port, as in 203.0.113.7:*";
    refuse_key(table, expect.max_share, "max_share", kEvery);
    refuse_key(table, expect.min_share, "min_share", kEvery);
    refuse_key(table, expect.min_backends, "min_backends", kEvery);
    if (!expect.addresses.empty())
      refuse_key(table, std::optional(expect.addresses.front()), "addresses", kEvery);
  }

  void check_against(TableReader& table, const Test& test) const {
    const Expectation& expect = test.expect;
    if (!test.against_running) {
      refuse_key(table, expect.max_moved, "max_moved", "used with against = \"running\"");
      refuse_key(table, expect.max_dropped, "max_dropped", "used with against = \"running\"");
    } else if (!expect.max_moved && !expect.max_dropped) {
      refuse_key(table, against_, "against", "used with max_moved or max_dropped");
    }
  }

  template <typename Value>
  static void refuse_key(TableReader& table, const std::optional<Value>& value, const std::string& key,
                         const std::string& expected) {
    if (!value) return;
    table.report(make(config::kOutOfDomain, table.object(), value->place,
                      in_quotes(key) + " cannot be judged here; it must be " + expected));
  }

  void check_name(TableReader& table, const config::Text& name) {
    const auto first = std::find_if(names_.begin(), names_.end(),
                                    [&](const config::Text& known) { return *known == *name; });
    if (first == names_.end()) {
      names_.push_back(name);
      return;
    }
    Finding twice = make(config::kDuplicateKey, table.object(), name.place,
                         "there is a test " + in_quotes(*name) + " already");
    twice.related.push_back({first->place, "first defined here"});
    table.report(std::move(twice));
  }

  const config::Document& document_;
  Findings& findings_;
  std::vector<Test> tests_;
  std::vector<config::Text> names_;
  std::optional<config::Text> against_;  // of the test that is being read
};

}  // namespace

TestFile parse_tests(std::string text, std::string file, Findings& findings) {
  Findings found;
  TestFile tests;
  tests.file = std::move(file);
  const config::Document document = config::read_document(text, found);
  tests.tests = Reader(document, found).run();
  sort(found);
  for (Finding& finding : found) finding.file = tests.file;
  findings.insert(findings.end(), std::make_move_iterator(found.begin()),
                  std::make_move_iterator(found.end()));
  return tests;
}

}  // namespace steadfast::rehearsal
