// SPDX-License-Identifier: Apache-2.0
// Ending: how a change ended, and what that means to whoever asked for it.
//
// Must not enter: the change itself (control/balancer.h).
#pragma once

#include <string_view>

#include "base/exit_code.h"

namespace steadfast {

enum class Ending {
  applied,    // running, and confirmed
  pending,    // running, but it goes back by itself unless it is confirmed
  unchanged,  // the same bytes already run
  refused,    // an error finding, or a test that failed
  gated,      // only gates stand in the way
  failed,     // the world refused (kernel, disk): nothing changed
};

std::string_view name(Ending ending);
Exit exit_code(Ending ending);

}  // namespace steadfast
