// SPDX-License-Identifier: Apache-2.0
// Draft: a model of whatever part of a file could be understood, and what is
// missing from it. Rules judge a draft, so that one run shows every finding;
// the gaps keep them from reporting what only follows from another fault.
//
// Must not enter: rules (check/); anything a generation is made from.
#pragma once

#include <vector>

#include "config/config.h"
#include "config/finding.h"
#include "model/model.h"

namespace steadfast {

struct Gaps {
  bool host = false;  // the host's values are not to be judged
  bool limits = false;
  bool services = false;  // a service is missing, and which pool it uses cannot be told
  // Of each pool of the model:
  std::vector<bool> pools;  // some of it is missing: its members cannot be counted
  std::vector<bool> named;  // used by a service that is missing
};

struct Draft {
  Model model;
  Gaps gaps;
};

// Reports what cannot be resolved (SF203) and names that are there twice (SF104).
Draft draft(const config::Config& config, Findings& findings);

}  // namespace steadfast
