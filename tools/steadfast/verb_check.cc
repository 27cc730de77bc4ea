// SPDX-License-Identifier: Apache-2.0
#include "check/check.h"

#include <chrono>
#include <ostream>

#include "report/finding_json.h"
#include "tools/steadfast/input.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {

int run_check(const Arguments& arguments, Terminal& terminal) {
  if (arguments.has("--json") && arguments.has("--sarif"))
    return fail_usage("--json and --sarif exclude each other", terminal);
  auto input = read_input(arguments.text("FILE"));
  if (!input) return fail(input.error(), terminal);
  const Checked checked = check(input->text, input->name, Date::today());
  if (arguments.has("--json"))
    terminal.out << report::findings_json(checked.findings) << "\n";
  else if (arguments.has("--sarif"))
    terminal.out << report::findings_sarif(checked.findings) << "\n";
  else
    print_findings(checked.findings, input->text, terminal);
  return exit_code(tally(checked.findings), arguments.has("--strict"));
}

}  // namespace steadfast::cli
