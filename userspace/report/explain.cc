// SPDX-License-Identifier: Apache-2.0
#include "report/explain.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "bpf/abi.h"
#include "check/catalogue.h"
#include "config/suggest.h"

namespace steadfast::report {
namespace {

struct VerdictEntry {
  std::string_view symbol;
  unsigned value;
  std::string_view action;
  sf_kind kind;
  std::string_view label;
  std::string_view help;
};

constexpr std::array kVerdicts{
#define X(symbol, value, action, kind, label, help) \
  VerdictEntry{#symbol, value, #action, SF_KIND_##kind, label, help},
    SF_VERDICTS(X)
#undef X
};

struct KindEntry {
  std::string_view label;
  std::string_view help;
};

constexpr std::array kKinds{
#define X(symbol, label, help) KindEntry{label, help},
    SF_KINDS(X)
#undef X
};

const KindEntry& kind_of(const VerdictEntry& verdict) { return kKinds[verdict.kind]; }

std::string_view severity_means(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "never applies, and no flag lets it pass";
    case Severity::gate:
      return "refused unless accepted by code and object: --accept CODE:OBJECT --reason TEXT";
    case Severity::warn:
      return "applies; --strict refuses it";
    case Severity::note:
      return "for audits";
  }
  return {};
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

using Lines = std::vector<std::string_view>;

// Lines both files begin with; lines both end with, behind those.
std::size_t common_head(const Lines& a, const Lines& b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

std::size_t common_tail(const Lines& a, const Lines& b, std::size_t head) {
  std::size_t tail = 0;
  while (tail < std::min(a.size(), b.size()) - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
    ++tail;
  return tail;
}

// The difference from the header above it: `-` what only the first file has, `+` the second.
std::string difference(std::string_view first, std::string_view second) {
  const Lines minus = lines_of(first);
  const Lines plus = lines_of(second);
  const std::size_t head = common_head(minus, plus);
  const std::size_t tail = common_tail(minus, plus, head);
  std::size_t from = head;
  while (from > 0 && (from == head || minus[from].front() != '[')) --from;
  std::string out;
  for (std::size_t i = from; i < head; ++i) out += "  " + std::string(minus[i]) + "\n";
  for (std::size_t i = head; i < minus.size() - tail; ++i) out += "- " + std::string(minus[i]) + "\n";
  for (std::size_t i = head; i < plus.size() - tail; ++i) out += "+ " + std::string(plus[i]) + "\n";
  return out;
}

struct Example {
  std::string_view heading;
  std::string lines;
};

// Of a rule about a change the change that it stops, and the one that it lets
// pass where there is one but to leave everything as it is.
std::vector<Example> examples(const Rule& rule) {
  if (rule.bad.empty()) return {};
  if (rule.before.empty()) return {{"bad (-) and good (+)", difference(rule.bad, rule.good)}};
  std::vector<Example> changes{{"bad change", difference(rule.before, rule.bad)}};
  if (rule.good != rule.before) changes.push_back({"good change", difference(rule.before, rule.good)});
  return changes;
}

std::string explain_rule(const Rule& rule) {
  std::string page = std::string(rule.code) + ": " + std::string(rule.title) + "\n\n";
  page += "severity     " + std::string(name(rule.severity)) + ": " +
          std::string(severity_means(rule.severity)) + "\n";
  page += "consequence  " + std::string(rule.consequence) + "\n";
  page += "fix          " + std::string(rule.fix) + "\n";
  if (!rule.incident.empty()) page += "incident     " + std::string(rule.incident) + "\n";
  for (const Example& example : examples(rule))
    page += "\n" + std::string(example.heading) + "\n\n" + example.lines;
  return page;
}

std::string explain_verdict(const VerdictEntry& verdict) {
  std::string page = std::string(verdict.label) + ": " + std::string(verdict.help) + "\n\n";
  page += "kind         " + std::string(kind_of(verdict).label) + ": " + std::string(kind_of(verdict).help) +
          "\n";
  page += "action       XDP_" + std::string(verdict.action) + "\n";
  page += "value        " + std::to_string(verdict.value) + "\n";
  page += "metric       verdict=\"" + std::string(verdict.label) + "\"\n";
  return page;
}

std::string upper(std::string_view word) {
  std::string out(word);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

std::string lower(std::string_view word) {
  std::string out(word);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string table_cell(std::string_view text) {
  std::string cell;
  for (const char c : text) cell += c == '|' ? std::string("\\|") : std::string(1, c);
  return cell;
}

std::string rule_section(const Rule& rule) {
  std::string section = "\n## " + std::string(rule.code) + "\n\n**" + std::string(name(rule.severity)) +
                        "**: " + std::string(rule.title) + "\n\n";
  section += "- Consequence: " + std::string(rule.consequence) + ".\n";
  section += "- Fix: " + std::string(rule.fix) + ".\n";
  if (!rule.incident.empty()) section += "- Incident: " + std::string(rule.incident) + ".\n";
  for (const Example& example : examples(rule)) {
    if (!rule.before.empty()) section += "\n" + std::string(example.heading) + ":\n";
    section += "\n```diff\n" + example.lines + "```\n";
  }
  return section;
}

}  // namespace

std::optional<std::string> explain(std::string_view word) {
  const std::string wanted = upper(word);
  if (const Rule* rule = find_rule(wanted)) return explain_rule(*rule);
  for (const VerdictEntry& verdict : kVerdicts)
    if (verdict.symbol == wanted) return explain_verdict(verdict);
  return std::nullopt;
}

std::string explain_hint(std::string_view word) {
  std::vector<std::string_view> known;
  for (const Rule* rule : catalogue()) known.push_back(rule->code);
  for (const VerdictEntry& verdict : kVerdicts) known.push_back(verdict.label);
  return did_you_mean(nearest(word, known));
}

std::string rules_markdown() {
  std::string page =
      "# Rules\n\n"
      "Generated from the rules themselves; `steadfast explain CODE` prints one of them.\n\n"
      "An **error** never applies. A **gate** is refused unless it is accepted by code and object. "
      "A **warn** applies, and `--strict` refuses it. A **note** is for audits.\n\n"
      "| code | severity | what |\n|---|---|---|\n";
  for (const Rule* rule : catalogue()) {
    const std::string code(rule->code);
    page += "| [" + code + "](#" + lower(code) + ") | " + std::string(name(rule->severity)) + " | " +
            table_cell(rule->title) + " |\n";
  }
  for (const Rule* rule : catalogue()) page += rule_section(*rule);
  return page;
}

std::string verdicts_markdown() {
  std::string page =
      "# Verdicts\n\n"
      "Generated from `bpf/abi.h`. The program gives every packet exactly one of these; "
      "their sum is the number of packets seen.\n\n"
      "| verdict | value | action | kind | what |\n|---|---|---|---|---|\n";
  for (const VerdictEntry& verdict : kVerdicts)
    page += "| `" + std::string(verdict.label) + "` | " + std::to_string(verdict.value) + " | XDP_" +
            std::string(verdict.action) + " | " + std::string(kind_of(verdict).label) + " | " +
            table_cell(verdict.help) + " |\n";
  page += "\n| kind | what |\n|---|---|\n";
  for (const KindEntry& kind : kKinds)
    page += "| " + std::string(kind.label) + " | " + table_cell(kind.help) + " |\n";
  return page;
}

}  // namespace steadfast::report
