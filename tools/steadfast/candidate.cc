// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/candidate.h"

#include <filesystem>

#include "config/schema_rules.h"
#include "plan/sealed_plan.h"

namespace steadfast::cli {
namespace {

// The daemon runs elsewhere: a relative name would mean nothing in its journal.
std::string absolute_name(const std::string& name) {
  if (name == "<stdin>") return name;
  std::error_code ignored;  // then the name stays as it was typed
  const auto absolute = std::filesystem::absolute(name, ignored);
  return ignored ? name : absolute.lexically_normal().string();
}

Finding broken_seal(const Input& input, const Error& error) {
  Finding finding = make(config::kBrokenFile, "file", {}, error.what);
  finding.file = input.name;
  return finding;
}

}  // namespace

std::optional<Candidate> candidate_of(const Input& input, Findings& findings) {
  if (!looks_sealed(input.text)) return Candidate{input.text, input.name, absolute_name(input.name), {}};
  auto plan = unseal(input.text);
  if (!plan) {
    findings.push_back(broken_seal(input, plan.error()));
    return std::nullopt;
  }
  return Candidate{std::move(plan->text), plan->file, absolute_name(plan->file),
                   ChangeBase{plan->base_generation, plan->base_digest}};
}

void name_as_typed(Findings& findings, const Candidate& candidate) {
  for (Finding& finding : findings)
    if (finding.file == candidate.journal_name) finding.file = candidate.name;
}

}  // namespace steadfast::cli
