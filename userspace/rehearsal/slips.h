// SPDX-License-Identifier: Apache-2.0
// Slips: the plausible mistakes of somebody who edits a configuration, each as a
// change of one object of a model.
//
// Must not enter: which of them are made (rehearsal/mutants.h).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/model.h"

namespace steadfast::rehearsal {

struct Slip {
  std::string operation;  // the kind of mistake: "weight ×10"
  std::string object;     // "backend/web/web-01"
  std::string change;     // "weight 100 → 1000"
  std::function<void(Model&)> apply;
};
using Slips = std::vector<Slip>;

void add_backend_slips(const Model& model, Slips& slips);
void add_pool_slips(const Model& model, Slips& slips);
void add_service_slips(const Model& model, Slips& slips);
void add_host_slips(const Model& model, Slips& slips);

// `address` with `step` added to its byte at `from_end`, counted from the last one.
Address moved(Address address, std::size_t from_end, unsigned step);

}  // namespace steadfast::rehearsal
