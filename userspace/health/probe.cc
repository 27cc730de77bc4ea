// SPDX-License-Identifier: Apache-2.0
#include "health/probe.h"

namespace steadfast::health {

std::string_view name(Kind kind) { return kind == Kind::path ? "path" : "address"; }

}  // namespace steadfast::health
