// SPDX-License-Identifier: Apache-2.0
// Damage: contradictions of every table, as a wrong compiler or a wild pointer would
// leave them. The packet code must count them, whatever they are.
//
// Must not enter: taking them back (differential_twins.h).
#pragma once

#include "datapath/differential_random.h"
#include "kernel/memory.h"

namespace steadfast::differential {

// One contradiction, in the slot that packets use.
void damage_one(Random& random, Memory& memory);

}  // namespace steadfast::differential
