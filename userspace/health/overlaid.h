// SPDX-License-Identifier: Apache-2.0
// Overlaid: the model that packets are to follow: what the file says, less what
// health takes away. Positions of services, pools and backends stay as they are.
//
// Must not enter: who decides what is taken away (board.h).
#pragma once

#include "health/overlay.h"
#include "model/model.h"

namespace steadfast::health {

// A backend that is out gets no new flows. Those it has choose again, unless only
// users' handshakes speak against it: then they go on where they are.
Model overlaid(const Model& model, const Overlay& overlay);

}  // namespace steadfast::health
