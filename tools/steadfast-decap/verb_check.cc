// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "base/exit_code.h"
#include "check.h"
#include "host.h"
#include "report/finding_json.h"
#include "verbs.h"

namespace steadfast::decap {
namespace {

void print_text(const Findings& findings) {
  if (findings.empty()) std::printf("no findings\n");
  for (const Finding& finding : findings) {
    std::printf("%s %s: %s\n  fix %s\n", name(finding.severity).data(), finding.code.c_str(),
                finding.message.c_str(), finding.fix.c_str());
  }
}

}  // namespace

int fail(const Error& error) {
  std::fprintf(stderr, "steadfast-decap: %s\n", error.what.c_str());
  return kEnvironment;
}

int run_check(const Wanted& wanted, bool json) {
  const auto host = ask_host(wanted);
  if (!host) return fail(host.error());
  const Findings findings = check(wanted, *host);
  if (json) {
    std::printf("%s\n", report::findings_json(findings).c_str());
  } else {
    print_text(findings);
  }
  return findings.empty() ? kOk : kRefused;
}

}  // namespace steadfast::decap
