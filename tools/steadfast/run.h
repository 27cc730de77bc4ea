// SPDX-License-Identifier: Apache-2.0
// What each verb does: one function, one file (verb_*.cc).
#pragma once

#include "tools/steadfast/verb.h"

namespace steadfast::cli {

int run_check(const Arguments& arguments, Terminal& terminal);
int run_test(const Arguments& arguments, Terminal& terminal);
int run_plan(const Arguments& arguments, Terminal& terminal);
int run_apply(const Arguments& arguments, Terminal& terminal);
int run_confirm(const Arguments& arguments, Terminal& terminal);
int run_extend(const Arguments& arguments, Terminal& terminal);
int run_cancel(const Arguments& arguments, Terminal& terminal);
int run_rollback(const Arguments& arguments, Terminal& terminal);
int run_backend_add(const Arguments& arguments, Terminal& terminal);
int run_backend_set(const Arguments& arguments, Terminal& terminal);
int run_backend_drain(const Arguments& arguments, Terminal& terminal);
int run_backend_undrain(const Arguments& arguments, Terminal& terminal);
int run_backend_remove(const Arguments& arguments, Terminal& terminal);
int run_doctor(const Arguments& arguments, Terminal& terminal);
int run_audit(const Arguments& arguments, Terminal& terminal);
int run_status(const Arguments& arguments, Terminal& terminal);
int run_show_services(const Arguments& arguments, Terminal& terminal);
int run_show_pools(const Arguments& arguments, Terminal& terminal);
int run_show_backends(const Arguments& arguments, Terminal& terminal);
int run_show_flows(const Arguments& arguments, Terminal& terminal);
int run_show_drops(const Arguments& arguments, Terminal& terminal);
int run_drops(const Arguments& arguments, Terminal& terminal);
int run_show_config(const Arguments& arguments, Terminal& terminal);
int run_show_generations(const Arguments& arguments, Terminal& terminal);
int run_history(const Arguments& arguments, Terminal& terminal);
int run_diff(const Arguments& arguments, Terminal& terminal);
int run_blame(const Arguments& arguments, Terminal& terminal);
int run_incidents(const Arguments& arguments, Terminal& terminal);
int run_incidents_show(const Arguments& arguments, Terminal& terminal);
int run_incidents_report(const Arguments& arguments, Terminal& terminal);
int run_trace(const Arguments& arguments, Terminal& terminal);
int run_top(const Arguments& arguments, Terminal& terminal);
int run_explain(const Arguments& arguments, Terminal& terminal);
int run_completion(const Arguments& arguments, Terminal& terminal);
int run_reference(const Arguments& arguments, Terminal& terminal);

}  // namespace steadfast::cli
