// SPDX-License-Identifier: Apache-2.0
// Tests for machines: JSON for scripts and JUnit for whatever collects the results
// of a build. Both are contracts: keys are added, never changed.
//
// Must not enter: the daemon's answers (control/api_fields.h has the same keys).
#pragma once

#include <string>

#include "report/rehearsed.h"

namespace steadfast::report {

// {"findings":[…],"errors":n,"gates":n,"warnings":n,
//  "tests":[{name,file,line,column,packet,service,passed,mismatches:[{what,expected,got}],took_ms}],
//  "passed":n,"failed":n,"coverage":{services,tested},
//  "mutation":{score,mutants,caught_by_rules,caught_by_tests,warned,survived,
//              uncaught:[{operation,object,change,fate,by}]}}; "mutation" only when asked for.
std::string tests_json(const Rehearsed& rehearsed);

// One <testsuite> per file.
std::string tests_junit(const rehearsal::TestReport& report);

}  // namespace steadfast::report
