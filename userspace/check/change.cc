// SPDX-License-Identifier: Apache-2.0
#include "check/change.h"

#include <iterator>

#include "check/change_rules.h"

namespace steadfast {

void check_change(const Model* before, const Model& after, const Plan& plan, const ChangeFacts& facts,
                  Findings& findings) {
  const ChangeContext context(before, after, plan, facts);
  Findings found;
#define X(check) \
  if (context.has_base() || !rules::check.needs_base) rules::check.find(context, found);
  SF_CHANGE_CHECKS(X)
#undef X
  sort(found);
  for (Finding& finding : found) finding.file = after.file;
  findings.insert(findings.end(), std::make_move_iterator(found.begin()),
                  std::make_move_iterator(found.end()));
}

}  // namespace steadfast
