// SPDX-License-Identifier: Apache-2.0
#include <ostream>

#include "check/check.h"
#include "control/client.h"
#include "control/host_doctor.h"
#include "report/finding_json.h"
#include "tools/steadfast/input.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

constexpr const char* kUsualBpffs = "/sys/fs/bpf/steadfast";

// "web/web-01".
Result<DoctorQuestion> parse_backend(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == text.npos || slash == 0 || slash + 1 == text.size())
    return Error{"--backend \"" + text + "\": expected POOL/NAME, as in web/web-01"};
  return DoctorQuestion{text.substr(0, slash), text.substr(slash + 1)};
}

int print(const Findings& findings, const std::string& json, const std::string& source,
          const Arguments& arguments, Terminal& terminal) {
  if (arguments.has("--json"))
    terminal.out << json;
  else if (arguments.has("--sarif"))
    terminal.out << report::findings_sarif(findings) << "\n";
  else
    print_findings(findings, source, terminal);
  return exit_code(tally(findings), arguments.has("--strict"));
}

int look_here(const std::string& file, const Arguments& arguments, Terminal& terminal) {
  const auto input = read_input(file);
  if (!input) return fail(input.error(), terminal);
  Checked checked = check(input->text, input->name, Date::today());
  const Findings findings =
      checked.model
          ? examine_host(*checked.model, {arguments.optional("--bpffs").value_or(kUsualBpffs), false})
          : std::move(checked.findings);
  return print(findings, report::findings_json(findings) + "\n", input->text, arguments, terminal);
}

void say_whole(const DoctorReport& report, Terminal& terminal) {
  if (report.examined.empty()) return;
  terminal.err << "examined along the path of " << report.examined.size()
               << (report.examined.size() == 1 ? " service:" : " services:");
  for (const std::string& service : report.examined) terminal.err << " " << service;
  terminal.err << "\n";
}

int ask_daemon(const DoctorQuestion& question, const Arguments& arguments, Terminal& terminal) {
  const ControlClient daemon(terminal.control);
  const auto report = daemon.doctor(question);
  if (!report) return fail(report.error(), terminal);
  const auto config = daemon.read<api::RunningConfig>("/api/v1/config");
  if (!config) return fail(config.error(), terminal);
  say_whole(*report, terminal);
  return print(report->findings, api::encode(*report), config->text, arguments, terminal);
}

}  // namespace

int run_doctor(const Arguments& arguments, Terminal& terminal) {
  const auto file = arguments.optional("FILE");
  const auto backend = arguments.optional("--backend");
  if (arguments.has("--json") && arguments.has("--sarif"))
    return fail_usage("--json and --sarif exclude each other", terminal);
  if (file && backend) return fail_usage("--backend asks the daemon, so it excludes FILE", terminal);
  if (!file && arguments.has("--bpffs")) return fail_usage("--bpffs needs FILE", terminal);
  if (file) return look_here(*file, arguments, terminal);
  if (!backend) return ask_daemon({}, arguments, terminal);
  const auto question = parse_backend(*backend);
  return question ? ask_daemon(*question, arguments, terminal) : fail_usage(question.error().what, terminal);
}

}  // namespace steadfast::cli
