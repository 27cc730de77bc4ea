// SPDX-License-Identifier: Apache-2.0
#include <cctype>
#include <nlohmann/json.hpp>
#include <ostream>

#include "check/catalogue.h"
#include "report/explain.h"
#include "report/view.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

using Json = nlohmann::ordered_json;

Json rule_json(const Rule& rule) {
  return {{"code", rule.code},   {"severity", name(rule.severity)},
          {"title", rule.title}, {"consequence", rule.consequence},
          {"fix", rule.fix},     {"bad", rule.bad},
          {"good", rule.good},   {"incident", rule.incident}};
}

// Empty for a word that is no verdict either.
Json verdict_json(const std::string& word) {
  for (unsigned value = 0; value < SF_VERDICT_COUNT; value++) {
    const auto verdict = static_cast<sf_verdict>(value);
    if (report::label(verdict) != word) continue;
    return {{"verdict", word},
            {"kind", report::label(report::kind(verdict))},
            {"drop", report::is_drop(verdict)},
            {"help", report::help(verdict)}};
  }
  return {};
}

std::string in_case(std::string word, int (*change)(int)) {
  for (char& c : word) c = static_cast<char>(change(static_cast<unsigned char>(c)));
  return word;
}

// Codes are written in capitals and verdicts are not; the word may be either.
Json explain_json(const std::string& word) {
  const Rule* const rule = find_rule(in_case(word, std::toupper));
  return rule != nullptr ? rule_json(*rule) : verdict_json(in_case(word, std::tolower));
}

}  // namespace

int run_explain(const Arguments& arguments, Terminal& terminal) {
  const std::string& word = arguments.text("TERM");
  const auto page = report::explain(word);
  if (!page)
    return fail_usage("\"" + word + "\" is neither a finding code nor a verdict" + report::explain_hint(word),
                      terminal);
  if (arguments.has("--json"))
    terminal.out << explain_json(word).dump(2) << "\n";
  else
    terminal.out << *page;
  return kOk;
}

}  // namespace steadfast::cli
