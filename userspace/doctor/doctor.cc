// SPDX-License-Identifier: Apache-2.0
#include "doctor/doctor.h"

#include <array>

#include "doctor/rules.h"

namespace steadfast::doctor {
namespace {

// A change may come before its hosts and routes do, and what it does to flows until
// then has a gate of its own, with the exact share (SF504). Nor must a host that
// cannot be looked at, or a process that may open few files, keep a change away.
constexpr std::array<std::string_view, 4> kOnlyWarnsOfChange{"SF608", "SF709", "SF710", "SF718"};

void soften(Findings& findings) {
  for (Finding& finding : findings)
    for (const std::string_view code : kOnlyWarnsOfChange)
      if (finding.code == code && finding.severity == Severity::error) finding.severity = Severity::warn;
}

}  // namespace

Findings judge(const Model& model, const host::HostFacts& facts, const Occurrence& occurrence) {
  const Situation situation(model, facts, occurrence);
  Findings findings;
#define X(check) rules::check.find(situation, findings);
  SF_HOST_CHECKS(X)
#undef X
  if (situation.is_change()) soften(findings);
  sort(findings);
  for (Finding& finding : findings) finding.file = model.file;
  return findings;
}

std::set<Address> destinations(const Model& model, const Occurrence& occurrence) {
  const host::HostFacts none;
  const Situation situation(model, none, occurrence);
  std::set<Address> addresses;
  for (const Member& member : situation.members()) addresses.insert(*member.backend->address);
  return addresses;
}

}  // namespace steadfast::doctor
