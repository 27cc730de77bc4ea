// SPDX-License-Identifier: Apache-2.0
#include "audit/attachments.h"

#include <algorithm>

#include "check/audit_rules.h"

namespace steadfast::audit {
namespace {

const AttachedInterface* find(const Attached& attached, const std::string& name) {
  const auto at = std::find_if(attached.interfaces.begin(), attached.interfaces.end(),
                               [&](const AttachedInterface& one) { return one.name == name; });
  return at == attached.interfaces.end() ? nullptr : &*at;
}

// Empty when the program runs there as declared.
std::string fault(const AttachedInterface* found, std::uint32_t program, XdpMode mode) {
  if (found == nullptr || !found->exists) return "it is gone";
  if (found->program == 0) return "no program runs there: its packets are not balanced";
  if (found->program != program)
    return "another program runs there (id " + std::to_string(found->program) + " in place of " +
           std::to_string(program) + ")";
  if (found->mode != name(mode))
    return "the program runs there in " + found->mode + " mode and must run in " + std::string(name(mode)) +
           " mode";
  return {};
}

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

}  // namespace

Findings compare(const Host& declared, const std::string& file, const Attached& found) {
  Findings findings;
  for (const auto& interface : declared.interfaces) {
    const std::string problem = fault(find(found, *interface), found.program, declared.xdp_mode);
    if (!problem.empty())
      findings.push_back(
          make(rules::kDetached, "host", interface.place, "interface " + *interface + ": " + problem));
  }
  if (!found.missing_pins.empty())
    findings.push_back(make(rules::kDetached, "host", declared.place,
                            "no longer pinned, so it ends with the daemon: " + listed(found.missing_pins)));
  for (Finding& finding : findings) finding.file = file;
  return findings;
}

}  // namespace steadfast::audit
