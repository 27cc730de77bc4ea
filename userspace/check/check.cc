// SPDX-License-Identifier: Apache-2.0
#include "check/check.h"

#include <algorithm>
#include <set>
#include <utility>

#include "check/allow.h"
#include "check/context.h"
#include "check/rules.h"
#include "model/draft.h"

namespace steadfast {
namespace {

constexpr Date kLastDay{9999, 12, 31};

// A value that cannot be right at all need not be accepted by name as well.
void drop_gates_on_errors(Findings& findings) {
  std::set<Place> errors;
  for (const Finding& finding : findings)
    if (finding.severity == Severity::error) errors.insert(finding.place);
  findings.erase(std::remove_if(findings.begin(), findings.end(),
                                [&](const Finding& finding) {
                                  return finding.severity == Severity::gate && errors.contains(finding.place);
                                }),
                 findings.end());
}

void check_draft(const Model& model, const Gaps& gaps, Findings& findings) {
  const Context context(model, gaps);
#define X(check) rules::check.find(context, findings);
  SF_CHECKS(X)
#undef X
  drop_gates_on_errors(findings);
}

}  // namespace

Checked check(std::string text, std::string file) {
  return check(std::move(text), std::move(file), kLastDay);
}

Checked check(std::string text, std::string file, Date today) {
  Checked checked;
  const config::Config config = config::parse(std::move(text), std::move(file), checked.findings);
  Draft built = draft(config, checked.findings);
  check_draft(built.model, built.gaps, checked.findings);
  apply_allows(config.text, today, checked.findings);
  sort(checked.findings);
  for (Finding& finding : checked.findings) finding.file = config.file;
  if (tally(checked.findings).errors == 0) checked.model = std::move(built.model);
  return checked;
}

void check_model(const Model& model, Findings& findings) {
  Gaps none;
  none.pools.assign(model.pools.size(), false);
  none.named.assign(model.pools.size(), false);
  check_draft(model, none, findings);
}

Exit exit_code(const Tally& tally, bool strict) {
  if (tally.errors != 0) return kRefused;
  if (strict && tally.warnings != 0) return kWarnings;
  return tally.gates != 0 ? kGated : kOk;
}

}  // namespace steadfast
