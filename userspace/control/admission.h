// SPDX-License-Identifier: Apache-2.0
// Admission: whether a change may touch the tables at all. The bytes must be the
// ones that were checked, no error may stand against the file or against the
// change, and every gate must have been accepted by code and object.
//
// Must not enter: writing anything; the journal.
#pragma once

#include <optional>
#include <vector>

#include "control/balancer.h"
#include "control/deployment.h"
#include "model/model.h"
#include "rehearsal/test_file.h"

namespace steadfast {

struct Admission {
  Ending ending = Ending::refused;  // applied: go on
  Findings findings;
  std::optional<Model> model;  // without errors of the file
  NextHops next_hops;
  Plan plan;
  std::vector<rehearsal::TestFile> tests;
  std::string error;  // why the network could not be asked: the plan then takes every next hop for granted
  double check_ms = 0;
};

// A change of what runs: every rule, and the gates.
Admission admit(const Change& change, const Deployment& deployment, const ChangeFacts& facts);
// What somebody else found out about it stands in its way like the rest.
void add_objections(Findings more, const Change& change, Admission& admission);

// A file that was confirmed before: it must still be right by itself, but nothing
// is asked about the way back to it.
Admission admit_again(const std::string& text, const std::string& file, const Deployment& deployment);

}  // namespace steadfast
