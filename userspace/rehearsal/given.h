// SPDX-License-Identifier: Apache-2.0
// Given: the model that a test with `given` is played on.
//
// Must not enter: engines, expectations.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "model/model.h"
#include "rehearsal/result.h"

namespace steadfast::rehearsal {

// `model` with every backend disabled that an entry of `down` names. Their share
// of the ring moves as in a drain. An entry that names nothing is a mismatch:
// a failure that does not happen would prove nothing.
Model with_down(const Model& model, const std::vector<config::Text>& down, std::vector<Mismatch>& unmatched);

}  // namespace steadfast::rehearsal
