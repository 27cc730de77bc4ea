// SPDX-License-Identifier: Apache-2.0
#include "control/admission.h"

#include <algorithm>
#include <chrono>

#include "base/sha256.h"
#include "check/check.h"
#include "config/schema_rules.h"

namespace steadfast {
namespace {

constexpr std::size_t kShownDigits = 12;

bool is_accepted(const Finding& finding, const std::vector<Acceptance>& accepted) {
  return std::any_of(accepted.begin(), accepted.end(), [&](const Acceptance& acceptance) {
    return acceptance.code == finding.code && acceptance.object == finding.object;
  });
}

bool stands_in_the_way(const Finding& finding, const Change& change) {
  return finding.severity == Severity::gate && !is_accepted(finding, change.accepted);
}

Finding altered(const Change& change, const std::string& digest) {
  Finding finding = make(config::kBrokenFile, "file", {},
                         "the bytes received have digest " + digest.substr(0, kShownDigits) +
                             ", the bytes checked had " + change.sha256.substr(0, kShownDigits));
  finding.file = change.file;
  return finding;
}

}  // namespace

Admission admit(const Change& change) {
  Admission admission;
  const std::string digest = sha256_hex(change.text);
  if (!change.sha256.empty() && change.sha256 != digest) {
    admission.findings.push_back(altered(change, digest));
    return admission;
  }
  const auto start = std::chrono::steady_clock::now();
  Checked checked = check(change.text, change.file);
  admission.check_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  const bool gated = std::any_of(checked.findings.begin(), checked.findings.end(),
                                 [&](const Finding& finding) { return stands_in_the_way(finding, change); });
  admission.findings = std::move(checked.findings);
  admission.model = std::move(checked.model);
  if (admission.model) admission.verdict = gated ? Verdict::gated : Verdict::applied;
  return admission;
}

}  // namespace steadfast
