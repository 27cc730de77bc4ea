// SPDX-License-Identifier: Apache-2.0
#include <ctime>
#include <iomanip>
#include <ostream>
#include <sstream>

#include "audit/peers.h"
#include "base/clock.h"
#include "check/check.h"
#include "control/client.h"
#include "rehearsal/coverage.h"
#include "report/finding_json.h"
#include "report/finding_text.h"
#include "tools/steadfast/input.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/rehearse.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

constexpr const char* kStatus = "/api/v1/status";

// 0 for a text that is no time.
double unix_time_s(const std::string& rfc3339) {
  std::tm broken_down{};
  std::istringstream text(rfc3339);
  text >> std::get_time(&broken_down, "%Y-%m-%dT%H:%M:%S");
  return text.fail() ? 0 : static_cast<double>(timegm(&broken_down));
}

Result<audit::Peer> peer_of(const Result<std::string>& body, const std::string& name) {
  if (!body) return body.error();
  const auto status = api::decode<Status>(*body);
  if (!status) return status.error().while_doing("reading " + name);
  return audit::Peer{name, status->digest, status->tables_digest, unix_time_s(status->applied_at)};
}

Result<void> compare_peers(const ControlClient& daemon, const std::vector<std::string>& urls,
                           Findings& findings) {
  if (urls.empty()) return {};
  const auto own = peer_of(daemon.get(kStatus), "");
  if (!own) return own.error();
  for (const std::string& url : urls) {
    const auto other = peer_of(get_from(url, kStatus), url);
    if (!other) return other.error();
    for (Finding& finding : audit::compare(*own, *other, unix_now_s()))
      findings.push_back(std::move(finding));
  }
  return {};
}

// Plays the tests beside the file, for what they reach alone.
Result<void> cover(const Input& config, const Model& model, Findings& findings, Terminal& terminal) {
  report::Rehearsed played;
  const auto texts = tests_beside(config.name);
  if (!texts) return texts.error();
  const auto tests = parse_all(*texts, played.findings);
  if (tests.empty())
    rehearsal::judge_coverage(model, {}, played.findings);
  else if (auto done = rehearse({"host", config, model, {}, {}}, *texts, tests, played, terminal); !done)
    return done;
  for (const Finding& finding : played.findings)
    if (finding.code == "SF912") findings.push_back(finding);
  return {};
}

// Tests stand beside the file, which may have been applied from another machine: not
// to find them is no finding.
void judge_tests(const api::RunningConfig& running, Findings& findings, Terminal& terminal) {
  const Input config{running.text, running.file};
  const Checked checked = check(config.text, config.name, Date::today());
  if (!checked.model) return;
  if (auto covered = cover(config, *checked.model, findings, terminal); !covered)
    terminal.err << "steadfast: the tests of " << config.name << " are not judged: " << covered.error().what
                 << "\n";
}

void print(const AuditReport& report, const std::string& text, const Arguments& arguments,
           Terminal& terminal) {
  if (arguments.has("--json")) {
    terminal.out << api::encode(report);
  } else if (arguments.has("--sarif")) {
    terminal.out << report::findings_sarif(report.findings) << "\n";
  } else {
    print_findings(report.findings, text, terminal);
    terminal.err << "generation " << report.generation << ": " << report.entries << " entries compared in "
                 << static_cast<long>(report.took_ms) << " ms\n";
  }
}

}  // namespace

int run_audit(const Arguments& arguments, Terminal& terminal) {
  if (arguments.has("--json") && arguments.has("--sarif"))
    return fail_usage("--json and --sarif exclude each other", terminal);
  const ControlClient daemon(terminal.control);
  auto report = daemon.read<AuditReport>("/api/v1/audit");
  if (!report) return fail(report.error(), terminal);
  const auto config = daemon.read<api::RunningConfig>("/api/v1/config");
  if (!config) return fail(config.error(), terminal);
  judge_tests(*config, report->findings, terminal);
  if (auto compared = compare_peers(daemon, arguments.all("--peer"), report->findings); !compared)
    return fail(compared.error(), terminal);
  sort(report->findings);
  print(*report, config->text, arguments, terminal);
  return exit_code(tally(report->findings), arguments.has("--strict"));
}

}  // namespace steadfast::cli
