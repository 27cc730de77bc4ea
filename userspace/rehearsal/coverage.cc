// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/coverage.h"

#include <set>
#include <string>

#include "check/coverage_rule.h"

namespace steadfast::rehearsal {

Coverage judge_coverage(const Model& model, const TestReport& report, Findings& findings) {
  std::set<std::string> reached;
  for (const TestResult& result : report.results) reached.insert(result.service);
  Coverage coverage;
  for (const Service& service : model.services) {
    if (service.state == ServiceState::parked) continue;
    ++coverage.services;
    if (reached.contains(service.name)) {
      ++coverage.tested;
      continue;
    }
    Finding finding = make(rules::kUntestedService, object_of(service), service.place,
                           "no test reaches " + object_of(service) + " (" + service.endpoint() + ")");
    finding.file = model.file;
    findings.push_back(std::move(finding));
  }
  return coverage;
}

}  // namespace steadfast::rehearsal
