// SPDX-License-Identifier: Apache-2.0
// Changes made of two files, for the rules about changes.
#pragma once

#include "check/change.h"
#include "files.h"

namespace steadfast {

inline Model model_from(const std::string& text) {
  const Checked checked = check(text, "edge.toml");
  for (const Finding& finding : checked.findings)
    EXPECT_NE(finding.severity, Severity::error) << finding.code << ": " << finding.message;
  return checked.model.value_or(Model{});
}

inline std::string web(int port = 443) { return "tcp 192.0.2.10:" + std::to_string(port); }

// A thousand packets a second for each service of either file.
inline Traffic busy(const Model& before, const Model& after) {
  Traffic traffic{true, {}};
  for (const Model* model : {&before, &after})
    for (const Service& service : model->services)
      traffic.services[service.endpoint()] = {1000, 10, 900'000, 1000, 10};
  return traffic;
}

inline Findings change(const std::string& before_text, const std::string& after_text,
                       const ChangeFacts& facts) {
  const Model before = model_from(before_text), after = model_from(after_text);
  const Plan plan = make_plan({&before, nullptr}, {&after, nullptr}, facts.traffic);
  Findings findings;
  check_change(&before, after, plan, facts, findings);
  return findings;
}

// With users on every service.
inline Findings change(const std::string& before, const std::string& after) {
  ChangeFacts facts;
  facts.traffic = busy(model_from(before), model_from(after));
  return change(before, after, facts);
}

inline Findings only(const std::string& code, Findings findings) {
  findings.erase(std::remove_if(findings.begin(), findings.end(),
                                [&](const Finding& finding) { return finding.code != code; }),
                 findings.end());
  return findings;
}

inline std::vector<std::string> refusals(const Findings& findings) {
  std::vector<std::string> list;
  for (const Finding& finding : findings)
    if (finding.severity == Severity::error || finding.severity == Severity::gate)
      list.push_back(finding.code + ":" + finding.object);
  return list;
}

}  // namespace steadfast
