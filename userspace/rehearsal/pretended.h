// SPDX-License-Identifier: Apache-2.0
// Pretended next hops: what a configuration is asked about with where its own
// network is not there: on an operator's machine, in the CI of a repository.
//
// Must not enter: the daemon's own host, which has real ones (kernel/route.h).
#pragma once

#include "compile/next_hop.h"
#include "model/model.h"

namespace steadfast::rehearsal {

// Every backend is on link behind one made-up MAC address of the first interface.
NextHops pretended_next_hops(const Model& model);

}  // namespace steadfast::rehearsal
