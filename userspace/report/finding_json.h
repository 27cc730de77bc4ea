// SPDX-License-Identifier: Apache-2.0
// Findings for machines: the JSON that every verb carries, and SARIF 2.1.0 for
// code review. Both are contracts: keys are added, never changed.
//
// Must not enter: what stands around findings in an answer (control/).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "config/finding.h"

namespace steadfast::report {

// {"findings":[{code,severity,message,file,line,column,object,fix,related?}],
//  "errors":n,"gates":n,"warnings":n}; line and column are 0 without a place.
std::string findings_json(const Findings& findings);

// The way back, for a client of the daemon.
Result<Findings> parse_findings_json(std::string_view json);

std::string findings_sarif(const Findings& findings);

}  // namespace steadfast::report
