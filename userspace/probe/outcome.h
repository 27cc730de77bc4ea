// SPDX-License-Identifier: Apache-2.0
// Outcome: the one list of health/outcome.h, under the name that probes use.
//
// Must not enter: outcomes of its own.
#pragma once

#include "health/outcome.h"

namespace steadfast::probe {

using health::Outcome;

}  // namespace steadfast::probe
