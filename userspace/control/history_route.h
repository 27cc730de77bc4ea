// SPDX-License-Identifier: Apache-2.0
// The words of GET /api/v1/history: ?service=NAME&seconds=N, or &minutes=N.
//
// Must not enter: sockets, the HTTP library.
#pragma once

#include "control/routes.h"

namespace steadfast {

Reply answer_history(Balancer& balancer, const Query& query);

}  // namespace steadfast
