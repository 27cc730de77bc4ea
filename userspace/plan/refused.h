// SPDX-License-Identifier: Apache-2.0
// Refused: whom the lists of one service turn away that those of another let in.
// Addresses are counted, for nobody knows where the users are.
//
// Must not enter: how much is too much (check/).
#pragma once

#include "model/model.h"

namespace steadfast {

// Share (0…1) of the addresses that `before` lets in and `after` does not. Both have
// the same family.
double newly_refused(const Service& before, const Service& after);

}  // namespace steadfast
