// SPDX-License-Identifier: Apache-2.0
// Candidate: what `apply` is to make the running generation: a configuration as
// it stands in a file, or the one that a sealed plan holds, with its base.
//
// Must not enter: judgement (check/), the daemon.
#pragma once

#include <optional>
#include <string>

#include "check/change.h"
#include "config/finding.h"
#include "tools/steadfast/input.h"

namespace steadfast::cli {

struct Candidate {
  std::string text;
  std::string name;                // as findings show it
  std::string journal_name;        // as the daemon's journal names it
  std::optional<ChangeBase> base;  // of a plan
};

// Empty when `findings` got an error: a plan whose seal is broken holds nothing.
std::optional<Candidate> candidate_of(const Input& input, Findings& findings);

// The daemon names the file as its journal does; here it has the name that was typed.
void name_as_typed(Findings& findings, const Candidate& candidate);

}  // namespace steadfast::cli
