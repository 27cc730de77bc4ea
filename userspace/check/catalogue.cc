// SPDX-License-Identifier: Apache-2.0
#include "check/catalogue.h"

#include <algorithm>
#include <vector>

#include "check/allow.h"
#include "check/audit_rules.h"
#include "check/change_rules.h"
#include "check/coverage_rule.h"
#include "check/rules.h"
#include "config/schema_rules.h"
#include "doctor/backend_rules.h"
#include "doctor/rules.h"

namespace steadfast {
namespace {

std::vector<const Rule*> collect() {
  std::vector<const Rule*> rules{&config::kUnknownKey,    &config::kBlankValue,    &config::kOutOfDomain,
                                 &config::kDuplicateKey,  &config::kBrokenFile,    &config::kTrafficDefault,
                                 &config::kUndefined,     &config::kEmptySelector, &kExpiredAllow,
                                 &rules::kUntestedService};
#define X(check) rules.push_back(&rules::check.rule);
  SF_CHECKS(X)
  SF_CHANGE_CHECKS(X)
  SF_HOST_CHECKS(X)
#undef X
#define X(rule) rules.push_back(&rules::rule);
  SF_AUDIT_RULES(X)
  SF_BACKEND_RULES(X)
#undef X
  std::sort(rules.begin(), rules.end(), [](const Rule* a, const Rule* b) { return a->code < b->code; });
  return rules;
}

}  // namespace

std::span<const Rule* const> catalogue() {
  static const std::vector<const Rule*> kRules = collect();
  return kRules;
}

const Rule* find_rule(std::string_view code) {
  const auto rules = catalogue();
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const Rule* rule) { return rule->code == code; });
  return found == rules.end() ? nullptr : *found;
}

}  // namespace steadfast
